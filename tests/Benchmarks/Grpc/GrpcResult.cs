using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>One contender's result for one workload, over all rounds.</summary>
/// <param name="Contender">Whose.</param>
/// <param name="Security">Over which connection.</param>
/// <param name="Workload">For what.</param>
/// <param name="Rounds">Every round, in order; at least one.</param>
internal sealed record GrpcResult(string Contender, ChannelSecurity Security, Workload Workload, IReadOnlyList<GrpcRound> Rounds)
{
    /// <summary>Per second once warm.</summary>
    public Spread Warm => Spread.Of([.. Rounds.Select(round => round.Warm)], digits: 1);

    /// <summary>Per second in the first window of a process.</summary>
    public Spread Cold => Spread.Of([.. Rounds.Select(round => round.Cold)], digits: 1);

    /// <summary>How many rounds never came to two windows that agree.</summary>
    public int UnsettledRounds => Rounds.Count(round => !round.IsSettled);

    /// <summary>What the warm client's process allocated for each, the median; null where it cannot tell.</summary>
    public double? ClientAllocatedBytes => Known(Rounds.Select(round => round.ClientAllocatedBytes));

    /// <summary>What the warm server's process allocated for each, the median; null where it cannot tell.</summary>
    public double? ServerAllocatedBytes => Known(Rounds.Select(round => round.ServerAllocatedBytes));

    private static double? Known(IEnumerable<double?> values) => values.OfType<double>().ToList() is { Count: > 0 } known ? Math.Round(Median.Of(known), 1) : null;
}
