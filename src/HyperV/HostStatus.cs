namespace HostAgent.HyperV;

/// <summary>A snapshot of the host and its replication service.</summary>
/// <param name="Name">The host's name; null when the replication service does not answer.</param>
/// <param name="ReplicationServiceAvailable">Whether <c>Msvm_ReplicationService</c> answers.</param>
/// <param name="RecoveryServerEnabled">Whether the host accepts replication; null when unknown.</param>
/// <param name="AllowedAuthenticationType">0 none, 1 Kerberos, 2 certificate, 3 both; null when unknown.</param>
/// <param name="HttpPort">Port for Kerberos; null when unknown.</param>
/// <param name="HttpsPort">Port for certificates; null when unknown.</param>
/// <param name="MonitoringInterval">The period that replication statistics cover; null when unknown.</param>
public sealed record HostStatus(
    string? Name,
    bool ReplicationServiceAvailable,
    bool? RecoveryServerEnabled,
    int? AllowedAuthenticationType,
    int? HttpPort,
    int? HttpsPort,
    TimeSpan? MonitoringInterval);
