using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Services;

/// <summary>The arguments of <c>TestReplicationConnection</c>: how a replica server is reached.</summary>
/// <param name="ConnectionPoint">The server's DNS name; the broker's client access point where it is clustered.</param>
/// <param name="Port">1 to 65535; usually 80 with Kerberos, 443 with certificates.</param>
/// <param name="AuthenticationType">How the two sides authenticate.</param>
/// <param name="CertificateThumbPrint">The local certificate's; null with Kerberos.</param>
/// <param name="BypassProxyServer">Whether proxy servers are gone around.</param>
public sealed record ReplicaConnection(
    string ConnectionPoint, int Port, AuthenticationType AuthenticationType, string? CertificateThumbPrint, bool BypassProxyServer)
{
    /// <summary>
    /// The connection from a recovery machine's host back to the primary side: the settings' own authentication, port and proxy, and
    /// the primary's name. Null where the settings do not tell enough.
    /// </summary>
    public static ReplicaConnection? ToPrimary(ReplicationSettingData settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings is { PrimaryConnectionPoint: { Length: > 0 } name, RecoveryServerPortNumber: > 0 and { } port, AuthenticationType: { } authentication }
            ? new ReplicaConnection(name, port, authentication, settings.CertificateThumbPrint, settings.BypassProxyServer ?? false)
            : null;
    }
}
