using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>A comparison of two contenders' rates. Each round compares what it measured itself, one after the other, and the spread is that of the rounds' ratios.</summary>
/// <param name="Ours">The contender whose rate is divided.</param>
/// <param name="Theirs">The contender by whose rate.</param>
/// <param name="Security">Over which connection.</param>
/// <param name="Workload">For what.</param>
/// <param name="Warm">Both warm; null when the other one managed nothing in some round. Above 1 is in our favour.</param>
/// <param name="Cold">Both in the first window of their processes; null when the other one managed nothing in some round.</param>
internal sealed record GrpcRatio(string Ours, string Theirs, ChannelSecurity Security, Workload Workload, Spread? Warm, Spread? Cold)
{
    public static GrpcRatio Of(GrpcResult ours, GrpcResult theirs) => new(
        ours.Contender,
        theirs.Contender,
        ours.Security,
        ours.Workload,
        Of(ours, theirs, round => round.Warm),
        Of(ours, theirs, round => round.Cold));

    private static Spread? Of(GrpcResult ours, GrpcResult theirs, Func<GrpcRound, double> rate) => theirs.Rounds.Any(round => rate(round) <= 0)
        ? null
        : Spread.Of([.. ours.Rounds.Zip(theirs.Rounds, (our, their) => rate(our) / rate(their))], digits: 3);
}
