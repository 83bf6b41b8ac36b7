using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Internal.World;
using OperationalStatus = HostAgent.HyperV.VirtualMachines.OperationalStatus;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_ComputerSystem as virtual machines fill it.</summary>
internal sealed class VirtualMachineClass : SimulatedClassOf<VirtualMachine>
{
    public static IReadOnlyList<string> AncestorNames { get; } = ["CIM_ComputerSystem", "CIM_System"];

    public override string Name => HyperVClasses.ComputerSystem;

    public override IReadOnlyList<string> Ancestors => AncestorNames;

    public override object? Find(HostWorld world, CimObjectPath path)
        => path.Keys.GetValueOrDefault("Name") is string name && Guid.TryParseExact(name, "D", out var id)
            && world.FindVirtualMachine(id) is { } machine && Matches(Keys(world, machine), path)
                ? machine
                : null;

    protected override IEnumerable<VirtualMachine> Objects(HostWorld world) => world.VirtualMachines;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, VirtualMachine item)
        => [new("CreationClassName", Name), new("Name", CimText.Guid(item.Id))];

    protected override string NameOf(VirtualMachine item) => item.Name;

    protected override void Fill(HostWorld world, VirtualMachine item, Dictionary<string, object?> properties)
    {
        var busy = item.BusyJob is not null;
        properties["Caption"] = "Virtual Machine";
        properties["Description"] = "Microsoft Virtual Machine";
        properties["InstallDate"] = item.Began - TimeSpan.FromDays(90);
        properties["Status"] = "OK";
        properties["HealthState"] = (ushort)5;
        properties["EnabledState"] = (ushort)item.Power;
        properties["EnabledDefault"] = (ushort)2;
        properties["RequestedState"] = (ushort)12;
        properties["OperationalStatus"] = WorkOf(item) is { } work
            ? [(ushort)OperationalStatus.InService, (ushort)work]
            : new[] { (ushort)(busy ? OperationalStatus.InService : OperationalStatus.Ok) };
        properties["StatusDescriptions"] = new[] { busy ? "In service" : "Operating normally" };
        properties["NumberOfNumaNodes"] = (ushort)1;
        properties["ReplicationMode"] = (ushort)item.Mode;
        properties["ReplicationState"] = (ushort)item.ReplicationState;
        properties["ReplicationHealth"] = (ushort)item.Health;
        properties["FailedOverReplicationType"] = (ushort)item.FailedOver;
        properties["LastReplicationType"] = RelationshipClass.RegularReplication;
        properties["LastReplicationTime"] = RelationshipClass.LastReplication(world, item);
        properties["LastApplicationConsistentReplicationTime"] = RelationshipClass.LastApplicationConsistent(world, item);
    }

    // Element 1 of the operational status names some kinds of work, not all.
    private static OperationalStatus? WorkOf(VirtualMachine machine) => machine.BusyJob?.Type switch
    {
        JobType.CreateSnapshot => OperationalStatus.CreatingSnapshot,
        JobType.ApplySnapshot => OperationalStatus.ApplyingSnapshot,
        JobType.DeleteSnapshot => OperationalStatus.DeletingSnapshot,
        JobType.MergeDisks => OperationalStatus.MergingDisks,
        JobType.ExportVirtualMachine => OperationalStatus.ExportingVirtualMachine,
        _ => null,
    };
}
