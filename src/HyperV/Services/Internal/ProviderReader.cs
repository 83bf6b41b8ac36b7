using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Services.Internal;

/// <summary>Reads Msvm_ReplicationProvider instances.</summary>
internal static class ProviderReader
{
    public static ReplicationProvider Read(CimInstance instance) => new(
        instance.Path,
        instance.GetString("InstanceID") ?? throw new CimDataException(instance.ClassName, "InstanceID", "it is missing"),
        instance.GetString("Name") ?? throw new CimDataException(instance.ClassName, "Name", "it is missing"),
        instance.GetString("ElementName"));
}
