using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>GetSystemCertificates: every certificate of the computer's personal store, as base64.</summary>
internal sealed class GetSystemCertificatesMethod : ISimulatedMethod
{
    public CimMethod Declaration { get; } = ReplicationServiceMethods.Find("GetSystemCertificates")!;

    public bool IsOf(object target) => target is ReplicationService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.With((uint)ReturnCode.Completed, "EncodedCertificates", world.Certificates.Encoded);
}

/// <summary>TestReplicationConnection: whether the primary site is reachable, answered synchronously (assumed; a real host may start a job).</summary>
internal sealed class TestReplicationConnectionMethod : ISimulatedMethod
{
    public CimMethod Declaration { get; } = ReplicationServiceMethods.Find("TestReplicationConnection")!;

    public bool IsOf(object target) => target is ReplicationService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        var complete = inputs.GetValueOrDefault("RecoveryConnectionPoint") is string { Length: > 0 }
            && inputs.GetValueOrDefault("RecoveryServerPortNumber") is not null && inputs.GetValueOrDefault("AuthenticationType") is not null;
        var code = !complete ? ReturnCode.InvalidParameter
            : world.Description.PrimarySiteReachable ? ReturnCode.Completed
            : ReturnCode.SystemNotAvailable;
        return MethodResults.With((uint)code, "Job", null);
    }
}

/// <summary>GetVirtualHardDiskSettingData: reads a disk file, answered synchronously (assumed; the documentation allows a job).</summary>
internal sealed class VirtualHardDiskSettingDataMethod : ISimulatedMethod
{
    private const ushort Dynamic = 3;
    private const ushort Vhdx = 3;

    public CimMethod Declaration => ImageManagementServiceMethods.GetVirtualHardDiskSettingData;

    public bool IsOf(object target) => target is ImageManagementService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        if (inputs.GetValueOrDefault("Path") is not string { Length: > 0 } path)
        {
            return MethodResults.With((uint)ReturnCode.InvalidParameter, "Job", null);
        }

        return HardDiskClass.Find(world, path) is { } disk && HardDiskClass.HasFile(world, disk)
            ? MethodResults.With((uint)ReturnCode.Completed, "SettingData", HostXml.Write(Describe(disk)))
            : MethodResults.With((uint)ReturnCode.FileNotFound, "Job", null);
    }

    private static CimInstance Describe(HardDisk disk) => new(path: null, "Msvm_VirtualHardDiskSettingData", new Dictionary<string, object?>
    {
        ["InstanceID"] = string.Empty,
        ["Caption"] = "Virtual Hard Disk Setting Data",
        ["Description"] = "Setting Data for a Virtual Hard Disk",
        ["Type"] = Dynamic,
        ["Format"] = Vhdx,
        ["Path"] = HardDiskClass.PathOf(disk),
        ["ParentPath"] = string.Empty,
        ["MaxInternalSize"] = HardDiskClass.BytesOf(disk),
        ["BlockSize"] = 32u * 1024 * 1024,
        ["LogicalSectorSize"] = 512u,
        ["PhysicalSectorSize"] = 4096u,
    });
}
