using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>Whether the disks of both sides fit together, and their volumes have room.</summary>
internal sealed class HomeDiskChecks(HomePair pair, HomeReadinessRules rules)
{
    private const double Gibibyte = 1L << 30;

    private IReadOnlyList<HomeDisk>? There => pair.AtRecovery?.Disks;

    private IReadOnlyList<HomeDisk>? Here => pair.AtHome?.Disks;

    public IEnumerable<ReadinessCheck> Make()
        =>
        [
            Shared(),
            Replicated(),
            Set(),
            Sizes(),
            Merge(),
            Checkpoints(),
            Space(pair.Home, HomeCheckId.HomeVolumeSpaceLow, "Free space at home: a resynchronization, logs and a failover's undo disks need it."),
            Space(pair.Recovery, HomeCheckId.RecoveryVolumeSpaceLow, "Free space at the recovery side: logs grow while home is away."),
            Share(),
            Media(),
        ];

    private ReadinessCheck Shared()
    {
        var shared = There?.Where(disk => disk.Shared == true).ToList();
        return ReadinessCheck.Of(
            HomeCheckId.SharedDiskPresent, shared is null or [], CheckSeverity.Blocking, List(shared, "no shared disk"),
            "Return the machines that share the disk with their cluster's own means; this product returns machines one by one.");
    }

    private ReadinessCheck Replicated()
    {
        var left = There?.Where(disk => !disk.Replicated).ToList();
        return ReadinessCheck.Of(
            HomeCheckId.DiskNotReplicated, left is null or [], CheckSeverity.Overridable, List(left, "every disk is replicated"),
            "Replicate the disk, or accept that home keeps what it has of it: right for a page file, a loss for data.");
    }

    private ReadinessCheck Set()
    {
        var (passed, observed) = Compared(() =>
        {
            // Only what is replicated must be there; home may have been left with disks that are not.
            var missing = There!.Where(disk => disk.Replicated && !Here!.Any(one => SamePlace(one, disk))).Select(disk => $"home lacks {disk.Place} ({disk.Path})");
            var more = Here!.Where(disk => !There!.Any(one => SamePlace(one, disk))).Select(disk => $"home has {disk.Place} ({disk.Path}) besides");
            return [.. missing, .. more];
        }, "both sides have the same disks");
        return ReadinessCheck.Of(HomeCheckId.DiskSetDiffers, passed, CheckSeverity.Blocking, observed, "Give home's copy the same disks at the same places, or remove the copy and let the reversal create it.");
    }

    private ReadinessCheck Sizes()
    {
        var (passed, observed) = Compared(
            () => [.. from disk in There! from other in Here! where SamePlace(disk, other) && disk.Bytes is not null && other.Bytes is not null && disk.Bytes != other.Bytes
                select FormattableString.Invariant($"{disk.Place}: {disk.Bytes} bytes at the recovery side, {other.Bytes} at home")],
            "no disk of another size");
        return ReadinessCheck.Of(HomeCheckId.DiskSizeDiffers, passed, CheckSeverity.Blocking, observed, "Resize the disk on the other side to the same size.");
    }

    private ReadinessCheck Merge()
    {
        string[] pending = [.. new[] { pair.Recovery, pair.Home }.SelectMany(Pending)];
        return ReadinessCheck.Of(
            HomeCheckId.DiskMergePending, pending.Length == 0, CheckSeverity.Blocking,
            pending.Length > 0 ? string.Join("; ", pending) : There is null && Here is null ? pair.UnknownOfMachine(pair.Recovery, HomeSubject.Disks) : "no chain of disks, no merge",
            "Delete the checkpoints or end the backup, and wait until the disks are merged.");
    }

    // A failover keeps its writes in a difference disk until it is committed or reversed.
    private IEnumerable<string> Pending(HomeFacts side)
    {
        if (side.Machine is not { } machine)
        {
            yield break;
        }

        if (machine.OperationInProgress is OperationalStatus.MergingDisks)
        {
            yield return $"{pair.Name(side)} merges disks";
        }

        if (machine.State is not (ReplicationState.Recovered or ReplicationState.RecoveryInProgress))
        {
            foreach (var disk in (machine.Disks ?? []).Where(disk => disk.Path.EndsWith(".avhdx", StringComparison.OrdinalIgnoreCase) || disk.Path.EndsWith(".avhd", StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"{pair.Name(side)} uses {disk.Path}";
            }
        }
    }

    private ReadinessCheck Checkpoints()
    {
        string[] found = [.. new[] { pair.Recovery, pair.Home }.Where(side => side.Machine?.Checkpoints is { Count: > 0 })
            .Select(side => $"{pair.Name(side)}: {string.Join(", ", side.Machine!.Checkpoints!.Take(10))}")];
        return ReadinessCheck.Of(
            HomeCheckId.OrdinaryCheckpointsPresent, found.Length == 0, CheckSeverity.Overridable,
            found.Length > 0 ? string.Join("; ", found) : pair.AtRecovery?.Checkpoints is null ? pair.UnknownOfMachine(pair.Recovery, HomeSubject.Checkpoints) : "no ordinary checkpoints",
            "Delete the checkpoints and wait until their disks are merged.");
    }

    private ReadinessCheck Space(HomeFacts side, string id, string remedy)
    {
        if (side.Machine?.Disks is not { Count: > 0 } disks || side.Volumes is not { Count: > 0 } volumes)
        {
            return ReadinessCheck.Of(id, passed: true, CheckSeverity.Overridable, side.Machine?.Disks is { Count: 0 } ? "the machine has no disks" : side.Volumes is null or [] ? pair.Unknown(side, HomeSubject.Volumes) : pair.UnknownOfMachine(side, HomeSubject.Disks), remedy);
        }

        var map = new VolumeMap([.. volumes]);
        var places = disks.Select(disk => map.Find(disk.Path)).OfType<Volume>().DistinctBy(volume => volume.Name, StringComparer.OrdinalIgnoreCase).ToList();
        return ReadinessCheck.Of(
            id, places.TrueForAll(volume => volume.FreeBytes >= volume.CapacityBytes * rules.MinimumFreeVolume), CheckSeverity.Overridable,
            places.Count == 0 ? $"not checked: the disks are on no volume of {pair.Name(side)}" : string.Join("; ", places.Select(volume => FormattableString.Invariant(
                $"{volume.Name} has {volume.FreeBytes / Gibibyte:0.0} of {volume.CapacityBytes / Gibibyte:0.0} GiB free; {rules.MinimumFreeVolume:0.##} of it is required"))),
            remedy);
    }

    // \\?\ and \\.\ begin names of this computer, \\?\UNC\ those of others.
    private ReadinessCheck Share()
    {
        var shares = Here?.Where(disk => disk.Path is ['\\', '\\', not ('?' or '.'), ..] || disk.Path.StartsWith(@"\\?\UNC\", StringComparison.OrdinalIgnoreCase)).ToList();
        return ReadinessCheck.Of(
            HomeCheckId.HomeDiskOnShare, shares is null or [], CheckSeverity.Overridable,
            shares switch
            {
                null => pair.UnknownOfMachine(pair.Home, HomeSubject.Disks),
                [] => "no disk is on a file share",
                _ => string.Join(", ", shares.Take(10).Select(disk => disk.Path)),
            },
            "Give the computer accounts of home's hosts full access to the share, then start a test failover there to prove it.");
    }

    private ReadinessCheck Media()
    {
        string[] mounted = [.. new[] { pair.Recovery, pair.Home }.Where(side => side.Machine?.MountedMedia is { Count: > 0 })
            .Select(side => $"{pair.Name(side)}: {string.Join(", ", side.Machine!.MountedMedia!)}")];
        return ReadinessCheck.Of(
            HomeCheckId.MediaMounted, mounted.Length == 0, CheckSeverity.Overridable,
            mounted.Length > 0 ? string.Join("; ", mounted) : pair.AtRecovery?.MountedMedia is null ? pair.UnknownOfMachine(pair.Recovery, HomeSubject.Media) : "nothing is mounted",
            "Eject the image on both sides.");
    }

    private (bool Passed, string Observed) Compared(Func<IReadOnlyList<string>> differences, string none) => (There, Here) switch
    {
        (null, _) => (true, pair.UnknownOfMachine(pair.Recovery, HomeSubject.Disks)),
        (_, null) => (true, pair.UnknownOfMachine(pair.Home, HomeSubject.Disks)),
        _ => differences() is { Count: > 0 } found ? (false, string.Join("; ", found.Take(10))) : (true, none),
    };

    private string List(List<HomeDisk>? disks, string none) => disks switch
    {
        null => pair.UnknownOfMachine(pair.Recovery, HomeSubject.Disks),
        [] => none,
        _ => string.Join(", ", disks.Take(10).Select(disk => disk.Path)),
    };

    private static bool SamePlace(HomeDisk one, HomeDisk other) => string.Equals(one.Place, other.Place, StringComparison.OrdinalIgnoreCase);
}
