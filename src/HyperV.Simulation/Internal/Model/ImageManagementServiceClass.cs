using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_ImageManagementService: here to tell how large disks are.</summary>
internal sealed class ImageManagementServiceClass : SimulatedClassOf<ImageManagementService>
{
    private static readonly ImageManagementService[] One = [new()];

    public override string Name => HyperVClasses.ImageManagementService;

    // Not CIM_Service, which a real one is too: clients list that class to find the replication service.
    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_VirtualSystemImageManagementService"];

    protected override IEnumerable<ImageManagementService> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ImageManagementService item) =>
    [
        new("CreationClassName", Name), new("Name", "vhdmgmt"),
        new("SystemCreationClassName", HyperVClasses.ComputerSystem), new("SystemName", world.Description.Name),
    ];

    protected override void Fill(HostWorld world, ImageManagementService item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Hyper-V Image Management Service";
        properties["ElementName"] = "Hyper-V Image Management Service";
        FillHealthy(properties);
        properties["EnabledState"] = (ushort)2;
        properties["Started"] = true;
    }
}
