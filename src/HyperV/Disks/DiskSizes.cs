namespace HostAgent.HyperV.Disks;

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
