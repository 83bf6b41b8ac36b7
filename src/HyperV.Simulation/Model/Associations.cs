using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

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
        new(HyperVClasses.ElementSettingData, (world, item) => item switch
        {
            VirtualMachine machine => RelationshipSettingsClass.Of(machine),
            RelationshipSettings settings => [settings.Relationship.Machine],
            ReplicationService => [new ReplicationServiceSettings(), .. world.Server.Entries],
            SimulatedAuthorizationEntry => [Service],
            ReplicationServiceSettings => [Service],
            SwitchPort { Adapter: { } adapter } => [new AdapterConnection(adapter)],
            SwitchPort port => [new SwitchPortSettings(port)],
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
        new(HyperVClasses.VirtualSystemSettingDataComponent, (_, item) => item switch
        {
            SystemSettings settings =>
            [
                .. HardDiskClass.Of(settings.Machine), .. MountedImageClass.Of(settings.Machine), new SecuritySettings(settings.Machine), new MemorySettings(settings.Machine),
                .. AdapterClass.Of(settings.Machine), .. ConnectionClass.Of(settings.Machine),
            ],
            HardDisk disk => [new SystemSettings(disk.Machine)],
            MachinePart part => [new SystemSettings(part.Machine)],
            Adapter adapter => [new SystemSettings(adapter.Machine)],
            AdapterConnection connection => [new SystemSettings(connection.Adapter.Machine)],
            _ => [],
        }),
        new(HyperVClasses.SnapshotOfVirtualSystem, (world, item) => item switch
        {
            VirtualMachine machine => [.. machine.RecoveryPointsAt(world.NowTime), .. CheckpointClass.Of(machine)],
            RecoveryPoint point => [point.Machine],
            Checkpoint checkpoint => [checkpoint.Machine],
            _ => [],
        }),
        new("Msvm_MostCurrentSnapshotInBranch", (world, item) => item switch
        {
            VirtualMachine machine => machine.RecoveryPointsAt(world.NowTime).TakeLast(1),
            RecoveryPoint point when point.Id == point.Machine.RecoveryPointsAt(world.NowTime)[^1].Id => [point.Machine],
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
            ReplicationService => world.Jobs.Where(job => job.IsOfReplication),
            Job { IsOfReplication: true } => [Service],
            _ => [],
        }),
        new("Msvm_EthernetPortSettingDataComponent", (_, item) => item switch
        {
            AdapterConnection connection => VlanClass.Of(connection),
            ConnectionVlan { Adapter: { } adapter } => [new AdapterConnection(adapter)],
            _ => [],
        }),
        new("Msvm_SettingDataComponent", (_, item) => item switch
        {
            Adapter adapter => [new GuestAdapter(adapter)],
            GuestAdapter guest => [guest.Adapter],
            _ => [],
        }),
        new("Msvm_EthernetPortFailoverSettingDataComponent", (_, item) => item switch
        {
            Adapter adapter => FailoverNetworkAdapterClass.Of(adapter.Machine).Where(settings => settings.Index == adapter.Index),
            _ => [],
        }),
        new("Msvm_SettingsDefineCapabilities", (world, item) => item switch
        {
            ManagementCapabilities => ConfigurationVersions.Of(world.Description).Select(version => new SupportedVersion(version)),
            _ => [],
        }),
        new("Msvm_SystemDevice", (world, item) => item switch
        {
            VirtualSwitch vSwitch => SwitchPortClass.Of(world, vSwitch),
            SwitchPort port => [port.Switch],
            VirtualMachine machine => [.. ShutdownComponentClass.Of(machine), .. HeartbeatComponentClass.Of(machine), .. DataExchangeComponentClass.Of(machine)],
            GuestService component => [component.Machine],
            _ => [],
        }),
        new(HyperVClasses.ReplicaSystemDependency, (_, item) => item switch
        {
            VirtualMachine { TestReplica: { } test } => [test],
            VirtualMachine { Replica: { } replica } => [replica],
            _ => [],
        }),
    ];
}

/// <summary>An association class: which objects it associates with an object, in either direction.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Related">The objects associated with one.</param>
internal sealed record Association(string Name, Func<World.HostWorld, object, IEnumerable<object>> Related);
