namespace HostAgent.Benchmarks.Agent;

/// <summary>How much is asked of the agent.</summary>
/// <param name="Accepts">How many failbacks are asked for, at each number at once.</param>
/// <param name="Watchers">The numbers of watchers of one failback.</param>
/// <param name="Failback">How long about a watched failback takes.</param>
internal sealed record AgentWork(int Accepts, IReadOnlyList<int> Watchers, TimeSpan Failback)
{
    public static readonly AgentWork Default = new(100, [1, 100, 1_000], TimeSpan.FromSeconds(6));

    public static readonly AgentWork Quick = new(20, [1, 5], TimeSpan.FromSeconds(0.5));

    /// <summary>The numbers of callers that ask at once.</summary>
    public static IReadOnlyList<int> Callers { get; } = [1, 8, 64];
}
