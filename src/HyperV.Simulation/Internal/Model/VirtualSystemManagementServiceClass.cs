using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_VirtualSystemManagementService: here for the end of test failovers and for summaries of many machines.</summary>
internal sealed class VirtualSystemManagementServiceClass : SimulatedClassOf<VirtualSystemManagementService>
{
    private static readonly VirtualSystemManagementService[] One = [new()];

    public override string Name => "Msvm_VirtualSystemManagementService";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_VirtualSystemManagementService"];

    protected override IEnumerable<VirtualSystemManagementService> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, VirtualSystemManagementService item) =>
    [
        new("CreationClassName", Name), new("Name", "vmms"),
        new("SystemCreationClassName", HyperVClasses.ComputerSystem), new("SystemName", world.Description.Name),
    ];

    protected override void Fill(HostWorld world, VirtualSystemManagementService item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual System Management Service";
        properties["ElementName"] = "Hyper-V Virtual System Management Service";
        FillHealthy(properties);
        properties["EnabledState"] = (ushort)2;
        properties["Started"] = true;
    }
}
