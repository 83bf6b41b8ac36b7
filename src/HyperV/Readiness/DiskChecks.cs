using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Readiness;

/// <summary>The checks that are about the disks that go back, and their size.</summary>
internal static class DiskChecks
{
    public static IEnumerable<ReadinessCheck> Make(ReadinessFacts facts) => [Found(facts), Readable(facts), Shared(facts)];

    /// <summary>What the disks amount to; null when one of them is not told, since a part would mislead.</summary>
    public static long? SizeOf(ReadinessFacts facts)
        => facts.DiskFiles is { } files ? DiskSizes.Sum(facts.Disks, path => files.GetValueOrDefault(path)?.Bytes) : null;

    private static ReadinessCheck Found(ReadinessFacts facts)
    {
        var missing = Files(facts).Where(file => file.Code is ReturnCode.FileNotFound).ToList();
        return ReadinessCheck.Of(
            ReadinessCheckId.VirtualHardDiskNotFound, missing.Count == 0, CheckSeverity.Blocking,
            missing.Count > 0 ? $"no such file: {string.Join(", ", missing.Select(file => file.Path))}" : Told(facts),
            "Bring the volume that holds the disk online, or attach the disk where it is now; a failback writes the disks that the machine names.");
    }

    private static ReadinessCheck Readable(ReadinessFacts facts)
    {
        var unread = Files(facts).Where(file => file is { Bytes: null, Code: not ReturnCode.FileNotFound }).ToList();
        return ReadinessCheck.Of(
            ReadinessCheckId.VirtualHardDiskNotReadable, unread.Count == 0, CheckSeverity.Overridable,
            unread.Count > 0 ? string.Join("; ", unread.Select(file => $"{file.Path}: {file.Observed}")) : Told(facts),
            "See that the disk's volume is online on this host and that the management service may read it; a cluster shared volume that is not online shows as access denied.");
    }

    private static ReadinessCheck Shared(ReadinessFacts facts)
    {
        var shared = facts.Disks.Where(disk => disk.Shared == true || IsSet(disk.Path)).ToList();
        return ReadinessCheck.Of(
            ReadinessCheckId.VirtualHardDiskShared, shared.Count == 0, CheckSeverity.Overridable,
            shared.Count > 0 ? $"shared: {string.Join(", ", shared.Select(disk => disk.Path))}" : "no replicated disk is shared",
            "Fail the machines that share the disk back together, as a group, by the means of your cluster; this product fails machines back one by one.");
    }

    private static bool IsSet(string path) => path.EndsWith(".vhds", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<VirtualHardDiskFile> Files(ReadinessFacts facts)
        => facts.Disks.Select(disk => facts.DiskFiles?.GetValueOrDefault(disk.Path)).OfType<VirtualHardDiskFile>();

    private static string Told(ReadinessFacts facts) => (facts.Disks.Count, SizeOf(facts)) switch
    {
        (0, _) => "the host lists no virtual hard disks of the machine",
        (var count, { } bytes) => FormattableString.Invariant($"{count} replicated disks of {bytes} bytes together"),
        (var count, null) => FormattableString.Invariant($"{count} replicated disks, whose size the host does not tell"),
    };
}
