using HostAgent.HyperV.Cim;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Disks;

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
