using System.Globalization;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Readiness;

/// <summary>Checks the free space on the volumes of the replicated disks.</summary>
internal sealed class VolumeChecks(FailbackRules rules)
{
    private const double Gibibyte = 1L << 30;

    public ReadinessCheck Space(ReadinessFacts facts)
    {
        var (passed, observed) = (facts.Disks.Count, facts.Volumes) switch
        {
            (0, _) => (true, "the host lists no virtual hard disks for the machine"),
            (_, { WhyNot: { } reason }) => (true, $"the host's volumes could not be read: {reason}"),
            (_, { Value: [] }) => (true, "the host shows no volumes to the agent's account"),
            (_, { Value: { } volumes }) => Judge(facts, new VolumeMap(volumes)),
            _ => (true, "the host's volumes are unknown"),
        };
        return ReadinessCheck.Of(
            ReadinessCheckId.VolumeSpaceLow, passed, CheckSeverity.Overridable, observed,
            "Free space on the volume: undo disks and the final merge need it.");
    }

    private (bool Passed, string Observed) Judge(ReadinessFacts facts, VolumeMap map)
    {
        var places = facts.Disks.ToLookup(disk => map.Find(disk.Path));
        var passed = true;
        var observed = new List<string>();
        foreach (var place in places.Where(place => place.Key is not null).OrderBy(place => place.Key!.Name, StringComparer.OrdinalIgnoreCase))
        {
            var disks = place.Sum(disk => facts.DiskFiles?.GetValueOrDefault(disk.Path)?.Bytes ?? 0);
            var wanted = Math.Max((long)(disks * rules.MinimumFreePart), rules.MinimumFreeBytes);
            passed &= place.Key!.FreeBytes >= wanted;
            observed.Add($"{place.Key.Name} has {Bytes(place.Key.FreeBytes)} free, needs {Bytes(wanted)} for disks of {Bytes(disks)}");
        }

        // A share has no volume here, and its server may have several.
        observed.AddRange(places[null].Select(disk => $"{disk.Path} is on no volume of this host"));
        return (passed, string.Join("; ", observed));
    }

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes ({bytes / Gibibyte:0.0} GiB)");
}
