namespace HostAgent.Benchmarks.Agent;

/// <summary>How much is asked of the agent.</summary>
/// <param name="Accepts">How many failbacks are asked for in each round, and how many machines a host has.</param>
/// <param name="ManyMachines">How many a large host has.</param>
/// <param name="Rounds">How many rounds are measured at each number at once, after it has warmed up.</param>
/// <param name="WarmUp">When it has.</param>
/// <param name="Watchers">The numbers of watchers of one failback.</param>
/// <param name="Failback">How long about a watched failback takes.</param>
internal sealed record AgentWork(int Accepts, int ManyMachines, int Rounds, WarmUp WarmUp, IReadOnlyList<int> Watchers, TimeSpan Failback)
{
    public static readonly AgentWork Default = new(400, 2_400, 3, new WarmUp(Least: 3, Most: 12, Band: 0.05), [1, 100, 1_000], TimeSpan.FromSeconds(6));

    public static readonly AgentWork Quick = new(20, 40, 1, WarmUp.None, [1, 5], TimeSpan.FromSeconds(0.5))
    {
        Starts = 1,
        IdleAfter = TimeSpan.FromSeconds(1),
        IdleWindow = TimeSpan.FromSeconds(1),
    };

    /// <summary>The numbers of callers that ask at once.</summary>
    public static IReadOnlyList<int> Callers { get; } = [1, 8, 64];

    /// <summary>How often the agent's process is started.</summary>
    public int Starts { get; init; } = 7;

    /// <summary>How long it has been idle before that is measured. The runtime compiles for minutes what a heartbeat calls.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long it is measured.</summary>
    public TimeSpan IdleWindow { get; init; } = TimeSpan.FromSeconds(100);
}
