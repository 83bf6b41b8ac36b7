using HostAgent.HyperV.Services;

namespace HostAgent.HyperV.Readiness.Internal;

/// <summary>How a try to reach the primary side ended.</summary>
/// <param name="Connection">What was tried.</param>
/// <param name="Reached">Whether the host got through; null while its job has not told yet.</param>
/// <param name="Observed">What the host answered, in words.</param>
internal sealed record ConnectionTrial(ReplicaConnection Connection, bool? Reached, string Observed);
