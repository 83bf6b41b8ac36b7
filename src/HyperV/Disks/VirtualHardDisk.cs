using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Disks;

/// <summary>
/// A virtual hard disk attached in a machine's own settings: an <c>Msvm_StorageAllocationSettingData</c> of the subtype
/// <see cref="ResourceSubType"/>. Checkpoint disks, DVD images and pass-through disks are not included.
/// </summary>
/// <param name="VirtualMachine">The machine.</param>
/// <param name="InstanceId">The key, <c>Microsoft:&lt;GUID&gt;\&lt;controller&gt;\&lt;place&gt;\…\L</c>; replication settings refer to disks by it.</param>
/// <param name="Path">The file on the host, or below a mount point or share.</param>
/// <param name="Shared">Whether several machines may attach the disk at once; null when unknown.</param>
public sealed record VirtualHardDisk(VirtualMachineId VirtualMachine, string InstanceId, string Path, bool? Shared)
{
    /// <summary>The resource subtype of virtual hard disks.</summary>
    public const string ResourceSubType = "Microsoft:Hyper-V:Virtual Hard Disk";
}

/// <summary>The result of <c>Msvm_ImageManagementService.GetVirtualHardDiskSettingData</c> for one disk file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Code">The return code, 32779 when the file does not exist; null when the call itself failed.</param>
/// <param name="Bytes">The size that the guest sees (<c>MaxInternalSize</c>), which a resynchronisation compares; null when unknown.</param>
/// <param name="Observed">The answer as text.</param>
public sealed record VirtualHardDiskFile(string Path, ReturnCode? Code, long? Bytes, string Observed);

/// <summary>Sums disk sizes.</summary>
public static class DiskSizes
{
    /// <summary>The total size in bytes; null when there are no disks or one size is unknown, since a partial sum would mislead.</summary>
    /// <param name="disks">The disks.</param>
    /// <param name="sizeOf">The size of the file at a path; null when unknown.</param>
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

/// <summary>Which disks of a machine are replicated and take part in a failback.</summary>
public static class ReplicatedDisks
{
    /// <summary>
    /// The disks that the settings include. If they name no disk of the machine, all disks count [inferred]: overestimating the size
    /// causes a warning, missing disks would mislead.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="disks">Its disks, in any order; disks of other machines are ignored.</param>
    public static IReadOnlyList<VirtualHardDisk> Of(VirtualMachine machine, IEnumerable<VirtualHardDisk> disks)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(disks);
        var own = disks.Where(disk => disk.VirtualMachine == machine.Id).ToList();
        var named = machine.ReplicationSettings?.IncludedDisks?.OfType<string>().Select(PlaceOf).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        var included = own.FindAll(disk => named.Contains(PlaceOf(disk.InstanceId)));
        return included.Count > 0 ? included : own;
    }

    // Settings name a disk by its InstanceID or by its full path. The last letter distinguishes the disk (L) from its drive (D) at the
    // same place.
    private static string PlaceOf(string disk)
    {
        var id = CimObjectPath.TryParse(disk, out var path) && path.Keys.TryGetValue("InstanceID", out var key) && key is string text ? text : disk;
        return id.EndsWith(@"\L", StringComparison.OrdinalIgnoreCase) || id.EndsWith(@"\D", StringComparison.OrdinalIgnoreCase) ? id[..^2] : id;
    }
}
