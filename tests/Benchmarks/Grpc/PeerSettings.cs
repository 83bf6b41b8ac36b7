using HostAgent.Conformance.Security;
using HostAgent.Transport;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>What a process of ours is to do.</summary>
/// <param name="Security">Plaintext, or mutual TLS through the product's doors.</param>
/// <param name="Files">The certificates under mutual TLS.</param>
/// <param name="Address">The server to call; null for a server.</param>
/// <param name="Workloads">What a client measures, in order.</param>
/// <param name="WarmUp">How long each runs before it is measured.</param>
/// <param name="Measured">How long each is measured.</param>
internal sealed record PeerSettings(ChannelSecurity Security, MutualTlsOptions Files, string? Address, IReadOnlyList<Workload> Workloads, TimeSpan WarmUp, TimeSpan Measured);
