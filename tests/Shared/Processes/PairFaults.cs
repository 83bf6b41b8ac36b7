using HostAgent.HyperV.Simulation;

namespace HostAgent.Tests.Shared.Processes;

/// <summary>Something that was broken for a while.</summary>
/// <param name="Victim">What.</param>
/// <param name="Host">The home of the pair that it happened to; null when it happened to all.</param>
/// <param name="Begin">When it was broken.</param>
/// <param name="End">When it was whole again.</param>
internal sealed record BrokenPart(string Victim, string? Host, DateTimeOffset Begin, DateTimeOffset End)
{
    /// <summary>Whether a host lost its power.</summary>
    public bool IsPower => Victim.StartsWith("power", StringComparison.Ordinal);

    public override string ToString() => Victim;
}

/// <summary>What goes wrong with pairs of hosts, their agents and their coordinator.</summary>
internal static class PairFaults
{
    private const string Coordinator = "coordinator";

    /// <summary>Kills, power failures and cuts of one pair, eight of them one after the other, until it is ended.</summary>
    /// <param name="cluster">The coordinator and the agents.</param>
    /// <param name="pair">The hosts.</param>
    /// <param name="powerless">The host that loses its power.</param>
    /// <param name="random">Which fault is next, and when.</param>
    /// <param name="ended">Ends it, after the fault in hand.</param>
    /// <returns>What was broken.</returns>
    public static Task<List<BrokenPart>> BreakAsync(Cluster cluster, SimulatedPair pair, SimulatedHost powerless, Random random, CancellationToken ended)
        => BreakAsync(cluster, [(pair, powerless)], random, most: 8, () => TimeSpan.FromMilliseconds(random.Next(800, 2500)), ended);

    /// <summary>Kills, power failures and cuts, one after the other, until it is ended.</summary>
    /// <param name="cluster">The coordinator and the agents.</param>
    /// <param name="pairs">The hosts, and which of each pair loses its power.</param>
    /// <param name="random">Which fault is next, and when.</param>
    /// <param name="most">How many there are at most.</param>
    /// <param name="pause">How long all goes well before the next one.</param>
    /// <param name="ended">Ends it, after the fault in hand.</param>
    /// <returns>What was broken.</returns>
    public static async Task<List<BrokenPart>> BreakAsync(
        Cluster cluster, IReadOnlyList<(SimulatedPair Pair, SimulatedHost Powerless)> pairs, Random random, int most, Func<TimeSpan> pause, CancellationToken ended)
    {
        var done = new List<BrokenPart>();
        try
        {
            for (var count = 0; count < most; count++)
            {
                await Task.Delay(pause(), ended);
                var (pair, powerless) = pairs[random.Next(pairs.Count)];
                var (home, recovery) = (pair.First.Description.Name, pair.Second.Description.Name);
                var begin = TimeProvider.System.GetUtcNow();
                var victim = await BreakAsync(cluster, pair, powerless, random.Next(6), () => Task.Delay(random.Next(100, 1500), CancellationToken.None));
                done.Add(new BrokenPart(victim, victim == Coordinator ? null : home, begin, TimeProvider.System.GetUtcNow()));
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Everything has ended.
        }

        return done;
    }

    private static async Task<string> BreakAsync(Cluster cluster, SimulatedPair pair, SimulatedHost powerless, int fault, Func<Task> meanwhile)
    {
        switch (fault)
        {
            case 0 or 1:
                await KillAsync(cluster.Coordinator, meanwhile);
                return Coordinator;
            case 2:
                await KillAsync(cluster.Agents[pair.First.Description.Name], meanwhile);
                return $"agent of {pair.First.Description.Name}";
            case 3:
                await KillAsync(cluster.Agents[pair.Second.Description.Name], meanwhile);
                return $"agent of {pair.Second.Description.Name}";
            case 4:
                pair.CutLink();
                await meanwhile();
                pair.RestoreLink();
                return $"link of {pair.First.Description.Name}";
            default:
                powerless.FailPower();
                await meanwhile();
                powerless.ReturnPower();
                return $"power of {powerless.Description.Name}";
        }
    }

    private static async Task KillAsync(ServerProcess victim, Func<Task> meanwhile)
    {
        await victim.KillAsync();
        await meanwhile();
        await victim.StartAgainAsync();
    }
}
