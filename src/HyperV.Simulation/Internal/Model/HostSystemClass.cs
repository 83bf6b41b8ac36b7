using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>The host's own row among the computer systems; clients have to tell it from the virtual machines.</summary>
internal sealed class HostSystemClass : SimulatedClassOf<HostSystem>
{
    private static readonly HostSystem[] One = [new()];

    public override string Name => HyperVClasses.ComputerSystem;

    public override IReadOnlyList<string> Ancestors => VirtualMachineClass.AncestorNames;

    protected override IEnumerable<HostSystem> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, HostSystem item)
        => [new("CreationClassName", Name), new("Name", world.Description.Name)];

    protected override void Fill(HostWorld world, HostSystem item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Hosting Computer System";
        properties["Description"] = "Microsoft Hosting Computer System";
        properties["ElementName"] = world.Description.Name;
        properties["InstallDate"] = null;
        FillHealthy(properties);
        properties["EnabledState"] = (ushort)2;
        properties["EnabledDefault"] = (ushort)2;
        properties["RequestedState"] = (ushort)12;
        properties["ReplicationState"] = (ushort)0;
        properties["ReplicationHealth"] = (ushort)0;
        properties["ReplicationMode"] = (ushort)0;
    }
}
