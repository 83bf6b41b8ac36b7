namespace HostAgent.HyperV;

/// <summary>The host and its replication service, as seen at one moment.</summary>
/// <param name="Name">The host's name; null when the replication service does not answer.</param>
/// <param name="ReplicationServiceAvailable">Whether <c>Msvm_ReplicationService</c> answers.</param>
/// <param name="RecoveryServerEnabled">Whether the host accepts replication; null when it does not tell.</param>
/// <param name="AllowedAuthenticationType">0 none, 1 Kerberos, 2 certificate, 3 both; null when it does not tell.</param>
/// <param name="HttpPort">Port for Kerberos; null when it does not tell.</param>
/// <param name="HttpsPort">Port for certificates; null when it does not tell.</param>
/// <param name="MonitoringInterval">Over which the replication statistics are kept; null when it does not tell.</param>
public sealed record HostStatus(
    string? Name,
    bool ReplicationServiceAvailable,
    bool? RecoveryServerEnabled,
    int? AllowedAuthenticationType,
    int? HttpPort,
    int? HttpsPort,
    TimeSpan? MonitoringInterval);
