using HostAgent.Conformance.Security;
using HostAgent.Transport;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>What a process of ours is to do.</summary>
/// <param name="Security">Plaintext, or mutual TLS through the product's doors.</param>
/// <param name="Files">The certificates under mutual TLS.</param>
/// <param name="Address">The server to call; null for a server.</param>
/// <param name="Workload">What a client measures; null for a server.</param>
/// <param name="Window">How long each window of the load is; a client reports one after the other until it is ended.</param>
internal sealed record PeerSettings(ChannelSecurity Security, MutualTlsOptions Files, string? Address, Workload? Workload, TimeSpan Window);
