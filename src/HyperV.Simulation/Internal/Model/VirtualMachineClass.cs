using HostAgent.HyperV.Cim;
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

    protected override void Fill(HostWorld world, VirtualMachine item, Dictionary<string, object?> properties)
    {
        var busy = item.BusyJob is not null;
        properties["Caption"] = "Virtual Machine";
        properties["Description"] = "Microsoft Virtual Machine";
        properties["ElementName"] = item.Description.Name;
        properties["InstallDate"] = item.Began - TimeSpan.FromDays(90);
        properties["Status"] = "OK";
        properties["HealthState"] = (ushort)5;
        properties["EnabledState"] = (ushort)item.Power;
        properties["EnabledDefault"] = (ushort)2;
        properties["RequestedState"] = (ushort)12;
        properties["OperationalStatus"] = new[] { (ushort)(busy ? OperationalStatus.InService : OperationalStatus.Ok) };
        properties["StatusDescriptions"] = new[] { busy ? "In service" : "Operating normally" };
        properties["NumberOfNumaNodes"] = (ushort)1;
        properties["ReplicationMode"] = (ushort)item.Description.Mode;
        properties["ReplicationState"] = (ushort)item.ReplicationState;
        properties["ReplicationHealth"] = (ushort)item.Health;
        properties["FailedOverReplicationType"] = RelationshipClass.FailedOverType(item);
        properties["LastReplicationType"] = RelationshipClass.RegularReplication;
        properties["LastReplicationTime"] = RelationshipClass.LastReplication(item);
        properties["LastApplicationConsistentReplicationTime"] = RelationshipClass.LastApplicationConsistent(item);
    }
}
