using HostAgent.HyperV.Cim;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.RecoveryPoints;

/// <summary>The snapshots of one machine, split into recovery points and ordinary checkpoints.</summary>
/// <param name="RecoveryPoints">The recovery points, newest first.</param>
/// <param name="Checkpoints">Display names of all other snapshots.</param>
internal sealed record Snapshots(IReadOnlyList<RecoveryPoint> RecoveryPoints, IReadOnlyList<string> Checkpoints);

/// <summary>Reads the snapshots of one machine in one call.</summary>
internal sealed class SnapshotReader(ICimSession session)
{
    public async Task<Snapshots> ReadAsync(CimObjectPath machine, VirtualMachineId id, CancellationToken cancellationToken)
    {
        var instances = await session.ListAssociatorsAsync(
            machine, HyperVClasses.SnapshotOfVirtualSystem, HyperVClasses.VirtualSystemSettingData, cancellationToken);
        var points = new List<RecoveryPoint>();
        var checkpoints = new List<string>();
        foreach (var instance in instances)
        {
            var type = instance.GetString("VirtualSystemType");
            if (RecoveryPointTypes.Parse(type) is { } pointType)
            {
                points.Add(ReadPoint(instance, id, pointType));
            }
            else if (type?.StartsWith(RecoveryPointTypes.SnapshotPrefix, StringComparison.Ordinal) == true)
            {
                checkpoints.Add(instance.GetString("ElementName") ?? instance.GetString("InstanceID") ?? type);
            }
        }

        points.Sort((a, b) => b.Time.CompareTo(a.Time) is var order and not 0 ? order : string.CompareOrdinal(a.Identifier, b.Identifier));
        return new Snapshots(points, checkpoints);
    }

    private static RecoveryPoint ReadPoint(CimInstance instance, VirtualMachineId id, RecoveryPointType type)
    {
        var identifier = instance.GetString("InstanceID") ?? throw new CimDataException(instance.ClassName, "InstanceID", "it is missing");
        var time = instance.GetDateTime("CreationTime")
            ?? throw new CimDataException(instance.ClassName, "CreationTime", $"the recovery point {identifier} has none");
        return new RecoveryPoint(identifier, id, instance.GetString("ElementName") ?? identifier, type, time.ToUniversalTime());
    }
}
