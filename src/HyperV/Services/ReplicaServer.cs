using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Services;

/// <summary>The host as a replica server (<c>Msvm_ReplicationServiceSettingData</c>).</summary>
/// <param name="Enabled">Whether it accepts replication; null when unknown.</param>
/// <param name="AllowedAuthenticationType">0 none, 1 Kerberos, 2 certificate, 3 both; null when unknown.</param>
/// <param name="HttpPort">Port for Kerberos; null when unknown.</param>
/// <param name="HttpsPort">Port for certificates; null when unknown.</param>
/// <param name="MonitoringInterval">The period that replication statistics cover; null when unknown.</param>
public sealed record ReplicaServer(bool? Enabled, int? AllowedAuthenticationType, int? HttpPort, int? HttpsPort, TimeSpan? MonitoringInterval)
{
    /// <summary>Thumbprint of the certificate that it shows to a primary; null or empty without one.</summary>
    public string? CertificateThumbPrint { get; init; }
}

/// <summary>The arguments of <c>TestReplicationConnection</c>: the connection to a replica server.</summary>
/// <param name="ConnectionPoint">The server's DNS name; the broker's client access point when clustered.</param>
/// <param name="Port">1 to 65535; usually 80 with Kerberos, 443 with certificates.</param>
/// <param name="AuthenticationType">How the two sides authenticate.</param>
/// <param name="CertificateThumbPrint">Thumbprint of the local certificate; null with Kerberos.</param>
/// <param name="BypassProxyServer">Whether proxy servers are bypassed.</param>
public sealed record ReplicaConnection(
    string ConnectionPoint, int Port, AuthenticationType AuthenticationType, string? CertificateThumbPrint, bool BypassProxyServer)
{
    /// <summary>
    /// The connection from a primary's host to its replica, from the settings; null when they are incomplete.
    /// </summary>
    public static ReplicaConnection? ToRecovery(ReplicationSettingData settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings is { RecoveryConnectionPoint: { Length: > 0 } name, RecoveryServerPortNumber: > 0 and { } port, AuthenticationType: { } authentication }
            ? new ReplicaConnection(name, port, authentication, settings.CertificateThumbPrint, settings.BypassProxyServer ?? false)
            : null;
    }

    /// <summary>
    /// The connection from a recovery machine's host back to the primary side: authentication, port and proxy from the settings, and
    /// the primary's name. Null when the settings are incomplete.
    /// </summary>
    public static ReplicaConnection? ToPrimary(ReplicationSettingData settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings is { PrimaryConnectionPoint: { Length: > 0 } name, RecoveryServerPortNumber: > 0 and { } port, AuthenticationType: { } authentication }
            ? new ReplicaConnection(name, port, authentication, settings.CertificateThumbPrint, settings.BypassProxyServer ?? false)
            : null;
    }
}

/// <summary>Reads the host's replica server settings and authorization entries, one call each.</summary>
internal sealed class ReplicaServerReader(ICimSession session)
{
    /// <summary>
    /// The settings, or null when the host returns none. A cluster node without a replication broker answers "not found", which
    /// means the same.
    /// </summary>
    public async Task<ReplicaServer?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await session.ListInstancesAsync(HyperVClasses.ReplicationServiceSettingData, [], cancellationToken) is [var settings, ..] ? Read(settings) : null;
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The servers that may replicate to the host, from its authorization entries; null when unknown.</summary>
    public async Task<IReadOnlyList<string>?> ListAllowedPrimariesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var entries = await session.ListInstancesAsync(HyperVClasses.ReplicationAuthorizationSettingData, [], cancellationToken);
            return [.. entries.Select(entry => entry.GetString("AllowedPrimaryHostSystem")).OfType<string>()];
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound or CimErrorCode.InvalidClass)
        {
            return null;
        }
    }

    private static ReplicaServer Read(CimInstance settings) => new(
        settings.GetBoolean("RecoveryServerEnabled"),
        (int?)settings.GetInteger("AllowedAuthenticationType"),
        (int?)settings.GetInteger("HttpPort"),
        (int?)settings.GetInteger("HttpsPort"),
        settings.GetInteger("MonitoringInterval") is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
    {
        CertificateThumbPrint = settings.GetString("CertificateThumbPrint"),
    };
}
