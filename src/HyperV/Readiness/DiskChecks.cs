using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Readiness;

/// <summary>Checks of the replicated disks and their size.</summary>
internal static class DiskChecks
{
    public static IEnumerable<ReadinessCheck> Make(ReadinessFacts facts) => [Found(facts), Readable(facts), Shared(facts)];

    /// <summary>The total size of the disks; null when one size is unknown, since a partial sum would mislead.</summary>
    public static long? SizeOf(ReadinessFacts facts)
        => facts.DiskFiles is { } files ? DiskSizes.Sum(facts.Disks, path => files.GetValueOrDefault(path)?.Bytes) : null;

    private static ReadinessCheck Found(ReadinessFacts facts)
    {
        var missing = Files(facts).Where(file => file.Code is ReturnCode.FileNotFound).ToList();
        return ReadinessCheck.Of(
            ReadinessCheckId.VirtualHardDiskNotFound, missing.Count == 0, CheckSeverity.Blocking,
            missing.Count > 0 ? $"no such file: {string.Join(", ", missing.Select(file => file.Path))}" : Describe(facts),
            "Bring the volume that holds the disk online, or correct the disk's path in the machine's settings; a failback writes to the disks in those settings.");
    }

    private static ReadinessCheck Readable(ReadinessFacts facts)
    {
        var unread = Files(facts).Where(file => file is { Bytes: null, Code: not ReturnCode.FileNotFound }).ToList();
        return ReadinessCheck.Of(
            ReadinessCheckId.VirtualHardDiskNotReadable, unread.Count == 0, CheckSeverity.Overridable,
            unread.Count > 0 ? string.Join("; ", unread.Select(file => $"{file.Path}: {file.Observed}")) : Describe(facts),
            "Check that the disk's volume is online on this host and that the management service can read it; a cluster shared volume that is offline shows as access denied.");
    }

    private static ReadinessCheck Shared(ReadinessFacts facts)
    {
        var shared = facts.Disks.Where(disk => disk.Shared == true || IsSet(disk.Path)).ToList();
        return ReadinessCheck.Of(
            ReadinessCheckId.VirtualHardDiskShared, shared.Count == 0, CheckSeverity.Overridable,
            shared.Count > 0 ? $"shared: {string.Join(", ", shared.Select(disk => disk.Path))}" : "no replicated disk is shared",
            "Fail back the machines that share the disk together, as a group, with your cluster's tools; this product fails machines back one by one.");
    }

    private static bool IsSet(string path) => path.EndsWith(".vhds", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<VirtualHardDiskFile> Files(ReadinessFacts facts)
        => facts.Disks.Select(disk => facts.DiskFiles?.GetValueOrDefault(disk.Path)).OfType<VirtualHardDiskFile>();

    private static string Describe(ReadinessFacts facts) => (facts.Disks.Count, SizeOf(facts)) switch
    {
        (0, _) => "the host lists no virtual hard disks for the machine",
        (var count, { } bytes) => FormattableString.Invariant($"{count} replicated disks with a total of {bytes} bytes"),
        (var count, null) => FormattableString.Invariant($"{count} replicated disks of unknown size"),
    };
}
