namespace HostAgent.Benchmarks.Agent;

/// <summary>How much is asked of the agent.</summary>
/// <param name="Accepts">How many failbacks are asked for in each round.</param>
/// <param name="Rounds">How many rounds are measured at each number at once, after it has warmed up.</param>
/// <param name="WarmUp">When it has.</param>
/// <param name="Watchers">The numbers of watchers of one failback.</param>
/// <param name="Failback">How long about a watched failback takes.</param>
internal sealed record AgentWork(int Accepts, int Rounds, WarmUp WarmUp, IReadOnlyList<int> Watchers, TimeSpan Failback)
{
    public static readonly AgentWork Default = new(400, 3, new WarmUp(Least: 3, Most: 12, Band: 0.05), [1, 100, 1_000], TimeSpan.FromSeconds(6));

    public static readonly AgentWork Quick = new(20, 1, WarmUp.None, [1, 5], TimeSpan.FromSeconds(0.5));

    /// <summary>The numbers of callers that ask at once.</summary>
    public static IReadOnlyList<int> Callers { get; } = [1, 8, 64];
}
