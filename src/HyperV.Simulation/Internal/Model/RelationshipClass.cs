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
        if (machine.Description.Mode == ReplicationMode.None)
        {
            yield break;
        }

        yield return new Relationship(machine, 0);
        if (machine.Description.Extended)
        {
            yield return new Relationship(machine, 1);
        }
    }

    public static ushort FailedOverType(VirtualMachine machine) => machine.ReplicationState
        is ReplicationState.Recovered or ReplicationState.Committed or ReplicationState.FailbackInProgress
            ? RegularReplication
            : (ushort)0;

    public static DateTimeOffset? LastReplication(VirtualMachine machine)
        => machine.Description.Mode == ReplicationMode.None ? null : machine.LastReplication;

    public static DateTimeOffset? LastApplicationConsistent(VirtualMachine machine)
        => machine.RecoveryPoints.LastOrDefault(point => point.ApplicationConsistent)?.Time;

    protected override IEnumerable<Relationship> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, Relationship item)
        => [new("InstanceID", item.InstanceId)];

    protected override void Fill(HostWorld world, Relationship item, Dictionary<string, object?> properties)
    {
        var machine = item.Machine;
        var primary = item.Index == 0;
        properties["Caption"] = "Replication Relationship";
        properties["Description"] = "Virtual Machine Replication Relationship";
        properties["ElementName"] = machine.Description.Name;
        properties["InstallDate"] = null;
        FillHealthy(properties);
        properties["ReplicationState"] = (ushort)(primary ? machine.ReplicationState : ReplicationState.Replicating);
        properties["ReplicationHealth"] = (ushort)(primary ? machine.Health : ReplicationHealth.Ok);
        properties["FailedOverReplicationType"] = primary ? FailedOverType(machine) : (ushort)0;
        properties["LastReplicationType"] = RegularReplication;
        properties["LastReplicationTime"] = machine.LastReplication;
        properties["LastApplyTime"] = machine.LastReplication;
        properties["LastApplicationConsistentReplicationTime"] = LastApplicationConsistent(machine);
    }
}
