namespace HostAgent.Benchmarks.Grpc;

/// <summary>What a client found in one window of its load.</summary>
/// <param name="Workload">Which, as kind:concurrency:bytes.</param>
/// <param name="PerSecond">Calls, messages or streams per second.</param>
/// <param name="ClientAllocatedBytes">What the client's process allocated for each; null where it cannot tell.</param>
/// <param name="ServerAllocatedBytes">What the server's process allocated for each; null where it cannot tell.</param>
internal sealed record Measurement(string Workload, double PerSecond, double? ClientAllocatedBytes = null, double? ServerAllocatedBytes = null);
