using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Services;

/// <summary>A replication provider registered on the host (<c>Msvm_ReplicationProvider</c>).</summary>
/// <param name="Path">What <see cref="ReplicationSettingData.ReplicationProvider"/> names it by; null when the host did not say.</param>
/// <param name="InstanceId">The key, <c>Microsoft:&lt;host&gt;\ReplicationProvider\&lt;guid&gt;</c>.</param>
/// <param name="Name">A GUID: the in-box provider's fixed one, or the class identifier of an external provider's COM class.</param>
/// <param name="DisplayName">Its name for people, in the host's language; null when it has none.</param>
public sealed record ReplicationProvider(CimObjectPath? Path, string InstanceId, string Name, string? DisplayName)
{
    /// <summary>Whether it is the one that replicates from Hyper-V host to Hyper-V host.</summary>
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
