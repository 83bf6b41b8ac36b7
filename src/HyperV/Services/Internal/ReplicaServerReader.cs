using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Services.Internal;

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
