using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Disks;

/// <summary>
/// A virtual hard disk of a machine, as the machine's own settings attach it: an <c>Msvm_StorageAllocationSettingData</c> of the subtype
/// <see cref="ResourceSubType"/>. Disks of checkpoints, DVD images and passed-through physical disks are none.
/// </summary>
/// <param name="VirtualMachine">The machine.</param>
/// <param name="InstanceId">The key, <c>Microsoft:&lt;GUID&gt;\&lt;controller&gt;\&lt;place&gt;\…\L</c>; the replication settings name disks by it.</param>
/// <param name="Path">The file on the host, or below a mount point or share that the host reaches.</param>
/// <param name="Shared">Whether several machines may have the disk attached at once; null when the host does not tell.</param>
public sealed record VirtualHardDisk(VirtualMachineId VirtualMachine, string InstanceId, string Path, bool? Shared)
{
    /// <summary>The resource subtype of virtual hard disks.</summary>
    public const string ResourceSubType = "Microsoft:Hyper-V:Virtual Hard Disk";
}
