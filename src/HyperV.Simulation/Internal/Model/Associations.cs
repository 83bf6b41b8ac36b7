using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>The associations between the host's objects.</summary>
internal static class Associations
{
    private static readonly ReplicationService Service = new();

    public static IReadOnlyList<Association> All { get; } =
    [
        new(HyperVClasses.SystemReplicationRelationship, (_, item) => item switch
        {
            VirtualMachine machine => RelationshipClass.Of(machine),
            Relationship relationship => [relationship.Machine],
            _ => [],
        }),
        new(HyperVClasses.ElementSettingData, (_, item) => item switch
        {
            VirtualMachine machine => RelationshipSettingsClass.Of(machine),
            RelationshipSettings settings => [settings.Relationship.Machine],
            ReplicationService => [new ReplicationServiceSettings()],
            ReplicationServiceSettings => [Service],
            _ => [],
        }),
        new("Msvm_SettingsDefineState", (_, item) => item switch
        {
            Relationship relationship => [new RelationshipSettings(relationship)],
            RelationshipSettings settings => [settings.Relationship],
            VirtualMachine machine => [new SystemSettings(machine)],
            SystemSettings settings => [settings.Machine],
            _ => [],
        }),
        new(HyperVClasses.SnapshotOfVirtualSystem, (_, item) => item switch
        {
            VirtualMachine machine => machine.RecoveryPoints,
            RecoveryPoint point => [point.Machine],
            _ => [],
        }),
        new("Msvm_MostCurrentSnapshotInBranch", (_, item) => item switch
        {
            VirtualMachine machine => machine.RecoveryPoints.TakeLast(1),
            RecoveryPoint point when ReferenceEquals(point, point.Machine.RecoveryPoints[^1]) => [point.Machine],
            _ => [],
        }),
        new(HyperVClasses.AffectedJobElement, (_, item) => item switch
        {
            VirtualMachine machine => machine.Jobs,
            Job job => [job.Machine],
            _ => [],
        }),
        new("Msvm_OwningJobElement", (world, item) => item switch
        {
            Internal.Model.ReplicationService => world.Jobs.Where(job => job.IsFailback),
            Job { IsFailback: true } => [Service],
            _ => [],
        }),

        // Test failovers are not simulated yet, so nothing depends on a replica.
        new(HyperVClasses.ReplicaSystemDependency, (_, _) => []),
    ];
}
