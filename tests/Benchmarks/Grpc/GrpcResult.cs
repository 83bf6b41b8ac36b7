using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>One contender's result for one workload, over all rounds.</summary>
/// <param name="Contender">Whose.</param>
/// <param name="Security">Over which connection.</param>
/// <param name="Workload">For what.</param>
/// <param name="PerSecond">The median of the rounds: calls, messages or streams per second.</param>
/// <param name="Lowest">The slowest round.</param>
/// <param name="Highest">The fastest round.</param>
/// <param name="ClientAllocatedBytes">What the client's process allocated for each; null where it cannot tell.</param>
/// <param name="ServerAllocatedBytes">What the server's process allocated for each; null where it cannot tell.</param>
internal sealed record GrpcResult(string Contender, ChannelSecurity Security, Workload Workload, double PerSecond, double Lowest, double Highest, double? ClientAllocatedBytes, double? ServerAllocatedBytes)
{
    public static GrpcResult Of(string contender, ChannelSecurity security, Workload workload, IReadOnlyList<Measurement> rounds) => new(
        contender,
        security,
        workload,
        Math.Round(Median.Of(rounds.Select(round => round.PerSecond)), 1),
        Math.Round(rounds.Min(round => round.PerSecond), 1),
        Math.Round(rounds.Max(round => round.PerSecond), 1),
        Known(rounds.Select(round => round.ClientAllocatedBytes)),
        Known(rounds.Select(round => round.ServerAllocatedBytes)));

    private static double? Known(IEnumerable<double?> values) => values.OfType<double>().ToList() is { Count: > 0 } known ? Math.Round(Median.Of(known), 1) : null;
}
