using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Disks;

/// <summary>The methods of <c>Msvm_ImageManagementService</c> that this product calls, as the class declares them.</summary>
public static class ImageManagementServiceMethods
{
    /// <summary>
    /// Reads a disk's file: <c>uint32 GetVirtualHardDiskSettingData([in] string Path, [out] string SettingData, [out] CIM_ConcreteJob REF Job)</c>.
    /// SettingData is an embedded Msvm_VirtualHardDiskSettingData. The return codes are those of the replication service.
    /// </summary>
    public static CimMethod GetVirtualHardDiskSettingData { get; } = new(
        "GetVirtualHardDiskSettingData",
        [
            new("Path", CimType.String), new("SettingData", CimType.String, IsOutput: true), new("Job", CimType.Reference, IsOutput: true),
        ]);
}
