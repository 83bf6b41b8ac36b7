using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>A comparison of two contenders' rates.</summary>
/// <param name="Ours">The contender whose rate is divided.</param>
/// <param name="Theirs">The contender by whose rate.</param>
/// <param name="Security">Over which connection.</param>
/// <param name="Workload">For what.</param>
/// <param name="Ratio">Above 1 is in our favour.</param>
internal sealed record GrpcRatio(string Ours, string Theirs, ChannelSecurity Security, Workload Workload, double Ratio);
