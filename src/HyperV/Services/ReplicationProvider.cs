using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Services;

/// <summary>A replication provider registered on the host (<c>Msvm_ReplicationProvider</c>).</summary>
/// <param name="Path">The path used in <see cref="ReplicationSettingData.ReplicationProvider"/>; null when the host did not return it.</param>
/// <param name="InstanceId">The key, <c>Microsoft:&lt;host&gt;\ReplicationProvider\&lt;guid&gt;</c>.</param>
/// <param name="Name">A GUID: fixed for the in-box provider, the CLSID of the COM class for an external one.</param>
/// <param name="DisplayName">Display name, in the host's language; null when it has none.</param>
public sealed record ReplicationProvider(CimObjectPath? Path, string InstanceId, string Name, string? DisplayName)
{
    /// <summary>Whether it is the in-box host-to-host provider.</summary>
    public bool IsInBox => string.Equals(Name, ReplicationProviderPath.InBoxProvider, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Reads Msvm_ReplicationProvider instances.</summary>
internal static class ProviderReader
{
    public static ReplicationProvider Read(CimInstance instance) => new(
        instance.Path,
        instance.GetString("InstanceID") ?? throw new CimDataException(instance.ClassName, "InstanceID", "it is missing"),
        instance.GetString("Name") ?? throw new CimDataException(instance.ClassName, "Name", "it is missing"),
        instance.GetString("ElementName"));
}
