using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Disks;

/// <summary>What <c>Msvm_ImageManagementService.GetVirtualHardDiskSettingData</c> told of a disk's file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Code">The return code, 32779 where there is no such file; null when the call itself failed.</param>
/// <param name="Bytes">The size that the machine sees (<c>MaxInternalSize</c>), which a resynchronisation compares; null when it was not told.</param>
/// <param name="Observed">What was answered, in words.</param>
public sealed record VirtualHardDiskFile(string Path, ReturnCode? Code, long? Bytes, string Observed);
