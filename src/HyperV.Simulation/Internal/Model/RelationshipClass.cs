using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_ReplicationRelationship: none for a machine without replication, one otherwise, two when it is extended.</summary>
internal sealed class RelationshipClass : SimulatedClassOf<Relationship>
{
    public const ushort RegularReplication = (ushort)ReplicationType.Regular;

    public override string Name => HyperVClasses.ReplicationRelationship;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_ManagedSystemElement"];

    public static IEnumerable<Relationship> Of(VirtualMachine machine)
    {
        if (machine.Mode is ReplicationMode.None or ReplicationMode.TestReplica)
        {
            yield break;
        }

        yield return new Relationship(machine, 0);
        if (machine.Extended)
        {
            yield return new Relationship(machine, 1);
        }
    }

    public static DateTimeOffset? LastReplication(HostWorld world, VirtualMachine machine)
        => machine.Mode is ReplicationMode.None or ReplicationMode.TestReplica ? null : machine.LastReplicationAt(world.NowTime);

    public static DateTimeOffset? LastApplicationConsistent(HostWorld world, VirtualMachine machine)
        => machine.RecoveryPointsAt(world.NowTime).LastOrDefault(point => point.Type == RecoveryPointType.ApplicationConsistent)?.Time;

    public static ReplicationState StateOf(Relationship relationship) => relationship.Machine.StateOf(relationship.Index);

    public static ReplicationHealth HealthOf(Relationship relationship) => relationship switch
    {
        { Index: ChangedSettings.PrimaryRelationship, Machine.Health: var health } => health,
        { Machine.ExtendedState: ReplicationState.Critical } => ReplicationHealth.Critical,
        _ => ReplicationHealth.Ok,
    };

    protected override IEnumerable<Relationship> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, Relationship item)
        => [new("InstanceID", item.InstanceId)];

    protected override void Fill(HostWorld world, Relationship item, Dictionary<string, object?> properties)
    {
        var machine = item.Machine;
        var primary = item.Index == 0;
        properties["Caption"] = "Replication Relationship";
        properties["Description"] = "Virtual Machine Replication Relationship";
        properties["ElementName"] = machine.Name;
        properties["InstallDate"] = null;
        FillHealthy(properties);
        properties["ReplicationState"] = (ushort)StateOf(item);
        properties["ReplicationHealth"] = (ushort)HealthOf(item);
        properties["FailedOverReplicationType"] = (ushort)(primary ? machine.FailedOver : ReplicationType.None);
        properties["LastReplicationType"] = RegularReplication;
        properties["LastReplicationTime"] = LastReplication(world, machine);
        properties["LastApplyTime"] = LastReplication(world, machine);
        properties["LastApplicationConsistentReplicationTime"] = LastApplicationConsistent(world, machine);
    }
}
