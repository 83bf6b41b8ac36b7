using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>A comparison of two contenders' rates. Each round compares what it measured itself, one after the other, and the spread is that of the rounds' ratios.</summary>
/// <param name="Ours">The contender whose rate is divided.</param>
/// <param name="Theirs">The contender by whose rate.</param>
/// <param name="Security">Over which connection.</param>
/// <param name="Workload">For what.</param>
/// <param name="Warm">Both warm. Above 1 is in our favour.</param>
/// <param name="Cold">Both in the first window of their processes.</param>
internal sealed record GrpcRatio(string Ours, string Theirs, ChannelSecurity Security, Workload Workload, Spread Warm, Spread Cold)
{
    /// <returns>Null when the other one managed nothing in some round.</returns>
    public static GrpcRatio? Of(GrpcResult ours, GrpcResult theirs) => theirs.Rounds.Any(round => round.Cold <= 0 || round.Warm <= 0)
        ? null
        : new GrpcRatio(
            ours.Contender,
            theirs.Contender,
            ours.Security,
            ours.Workload,
            Spread.Of([.. ours.Rounds.Zip(theirs.Rounds, (our, their) => our.Warm / their.Warm)], digits: 3),
            Spread.Of([.. ours.Rounds.Zip(theirs.Rounds, (our, their) => our.Cold / their.Cold)], digits: 3));
}
