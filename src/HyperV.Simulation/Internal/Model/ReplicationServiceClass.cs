using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_ReplicationService with its fixed values.</summary>
internal sealed class ReplicationServiceClass : SimulatedClassOf<ReplicationService>
{
    private static readonly ReplicationService[] One = [new()];

    public override string Name => HyperVClasses.ReplicationService;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_Service", "CIM_EnabledLogicalElement"];

    protected override IEnumerable<ReplicationService> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ReplicationService item) =>
    [
        new("CreationClassName", Name), new("Name", "replicasvc"),
        new("SystemCreationClassName", HyperVClasses.ComputerSystem), new("SystemName", world.Description.Name),
    ];

    protected override void Fill(HostWorld world, ReplicationService item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Hyper-V Replica Service";
        properties["Description"] = "Replication Service";
        properties["ElementName"] = "Hyper-V Replica Service";
        FillHealthy(properties);
        properties["EnabledState"] = (ushort)2;
        properties["EnabledDefault"] = (ushort)2;
        properties["RequestedState"] = (ushort)12;
        properties["Started"] = true;
    }
}
