using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Services;

/// <summary>The host as a replica server (<c>Msvm_ReplicationServiceSettingData</c>).</summary>
/// <param name="Enabled">Whether it accepts replication; null when it does not tell.</param>
/// <param name="AllowedAuthenticationType">0 none, 1 Kerberos, 2 certificate, 3 both; null when it does not tell.</param>
/// <param name="HttpPort">Port for Kerberos; null when it does not tell.</param>
/// <param name="HttpsPort">Port for certificates; null when it does not tell.</param>
/// <param name="MonitoringInterval">Over which the replication statistics are kept; null when it does not tell.</param>
public sealed record ReplicaServer(bool? Enabled, int? AllowedAuthenticationType, int? HttpPort, int? HttpsPort, TimeSpan? MonitoringInterval);

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

/// <summary>Reads what the host is as a replica server, each part in one call.</summary>
internal sealed class ReplicaServerReader(ICimSession session)
{
    /// <summary>
    /// The settings, or null when the host shows none. A cluster node without a replication broker answers that the object was not
    /// found, which only means that.
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

    /// <summary>The servers that may replicate to the host, as its authorization entries name them; null when it does not tell.</summary>
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
        settings.GetInteger("MonitoringInterval") is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
}
