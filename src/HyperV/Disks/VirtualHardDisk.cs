using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
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

/// <summary>What <c>Msvm_ImageManagementService.GetVirtualHardDiskSettingData</c> told of a disk's file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Code">The return code, 32779 where there is no such file; null when the call itself failed.</param>
/// <param name="Bytes">The size that the machine sees (<c>MaxInternalSize</c>), which a resynchronisation compares; null when it was not told.</param>
/// <param name="Observed">What was answered, in words.</param>
public sealed record VirtualHardDiskFile(string Path, ReturnCode? Code, long? Bytes, string Observed);

/// <summary>Adds disks up.</summary>
public static class DiskSizes
{
    /// <summary>The size of all disks together in bytes; null when there is none or one is not known, since a part would mislead.</summary>
    /// <param name="disks">The disks.</param>
    /// <param name="sizeOf">The size of the file at a path; null when it is not known.</param>
    public static long? Sum(IReadOnlyCollection<VirtualHardDisk> disks, Func<string, long?> sizeOf)
    {
        ArgumentNullException.ThrowIfNull(disks);
        ArgumentNullException.ThrowIfNull(sizeOf);
        long sum = 0;
        foreach (var disk in disks)
        {
            if (sizeOf(disk.Path) is not { } bytes)
            {
                return null;
            }

            sum += bytes;
        }

        return disks.Count > 0 ? sum : null;
    }
}

/// <summary>Which disks of a machine are replicated, and so take part in a failback.</summary>
public static class ReplicatedDisks
{
    /// <summary>
    /// The disks that the settings include. Where they name none, or none that the machine has, all are taken [inferred]: a size that is
    /// too large warns, one that is missing disks misleads.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="disks">Its disks, in any order; those of other machines are left out.</param>
    public static IReadOnlyList<VirtualHardDisk> Of(VirtualMachine machine, IEnumerable<VirtualHardDisk> disks)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(disks);
        var own = disks.Where(disk => disk.VirtualMachine == machine.Id).ToList();
        var named = machine.ReplicationSettings?.IncludedDisks?.OfType<string>().Select(PlaceOf).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        var included = own.FindAll(disk => named.Contains(PlaceOf(disk.InstanceId)));
        return included.Count > 0 ? included : own;
    }

    // Settings name a disk by its InstanceID or by its whole path. The last letter tells the disk (L) from the drive that it is in (D):
    // both stand at the same place.
    private static string PlaceOf(string disk)
    {
        var id = CimObjectPath.TryParse(disk, out var path) && path.Keys.TryGetValue("InstanceID", out var key) && key is string text ? text : disk;
        return id.EndsWith(@"\L", StringComparison.OrdinalIgnoreCase) || id.EndsWith(@"\D", StringComparison.OrdinalIgnoreCase) ? id[..^2] : id;
    }
}
