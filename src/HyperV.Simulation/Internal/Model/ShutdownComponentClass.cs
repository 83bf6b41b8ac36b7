using HostAgent.HyperV.Simulation.Internal.World;
using HostAgent.HyperV.VirtualMachines;
using VirtualMachine = HostAgent.HyperV.Simulation.Internal.World.VirtualMachine;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_ShutdownComponent: how the guest of a machine that runs is asked to shut down.</summary>
internal sealed class ShutdownComponentClass : SimulatedClassOf<ShutdownComponent>
{
    private const string Device = "9F8233AC-BE49-4C79-8EE3-E7E1985B2077";

    public override string Name => "Msvm_ShutdownComponent";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_LogicalDevice"];

    public static IEnumerable<ShutdownComponent> Of(VirtualMachine machine)
        => machine.Power is EnabledState.Running or EnabledState.Paused or EnabledState.Stopping ? [new ShutdownComponent(machine)] : [];

    protected override IEnumerable<ShutdownComponent> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ShutdownComponent item) =>
    [
        new("CreationClassName", Name), new("DeviceID", $@"Microsoft:{CimText.Guid(item.Machine.Id)}\{Device}"),
        new("SystemCreationClassName", HyperVClasses.ComputerSystem), new("SystemName", CimText.Guid(item.Machine.Id)),
    ];

    protected override void Fill(HostWorld world, ShutdownComponent item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Shutdown";
        properties["Description"] = "Microsoft Shutdown Service";
        properties["ElementName"] = "Shutdown";
        properties["Name"] = "Shutdown";
        FillHealthy(properties);
        properties["EnabledState"] = (ushort)2;
        properties["EnabledDefault"] = (ushort)7;
        properties["RequestedState"] = (ushort)12;
        properties["Availability"] = (ushort)6;
    }
}
