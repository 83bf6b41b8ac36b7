namespace HostAgent.HyperV.Services;

/// <summary>The host as a replica server (<c>Msvm_ReplicationServiceSettingData</c>).</summary>
/// <param name="Enabled">Whether it accepts replication; null when it does not tell.</param>
/// <param name="AllowedAuthenticationType">0 none, 1 Kerberos, 2 certificate, 3 both; null when it does not tell.</param>
/// <param name="HttpPort">Port for Kerberos; null when it does not tell.</param>
/// <param name="HttpsPort">Port for certificates; null when it does not tell.</param>
/// <param name="MonitoringInterval">Over which the replication statistics are kept; null when it does not tell.</param>
public sealed record ReplicaServer(bool? Enabled, int? AllowedAuthenticationType, int? HttpPort, int? HttpsPort, TimeSpan? MonitoringInterval);
