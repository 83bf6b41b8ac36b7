using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;
using VirtualMachine = HostAgent.HyperV.Simulation.World.VirtualMachine;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>Msvm_ShutdownComponent: shuts down the guest of a running machine.</summary>
internal sealed class ShutdownComponentClass : SimulatedClassOf<ShutdownComponent>
{
    private const string Device = "9F8233AC-BE49-4C79-8EE3-E7E1985B2077";

    public override string Name => "Msvm_ShutdownComponent";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_LogicalDevice"];

    public static IEnumerable<ShutdownComponent> Of(VirtualMachine machine)
        => GuestState.HasServices(machine) ? [new ShutdownComponent(machine)] : [];

    protected override IEnumerable<ShutdownComponent> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ShutdownComponent item)
    => [
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

/// <summary>Msvm_HeartbeatComponent: whether the guest of a running machine answers. A machine that is off has none.</summary>
internal sealed class HeartbeatComponentClass : SimulatedClassOf<HeartbeatComponent>
{
    private const string Device = "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47";

    public override string Name => "Msvm_HeartbeatComponent";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_LogicalDevice"];

    public static IEnumerable<HeartbeatComponent> Of(VirtualMachine machine) => GuestState.HasServices(machine) ? [new HeartbeatComponent(machine)] : [];

    protected override IEnumerable<HeartbeatComponent> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, HeartbeatComponent item)
    => [
        new("CreationClassName", Name), new("DeviceID", $@"Microsoft:{CimText.Guid(item.Machine.Id)}\{Device}"),
        new("SystemCreationClassName", HyperVClasses.ComputerSystem), new("SystemName", CimText.Guid(item.Machine.Id)),
    ];

    protected override void Fill(HostWorld world, HeartbeatComponent item, Dictionary<string, object?> properties)
    {
        var status = GuestState.HeartbeatOf(item.Machine, world);
        properties["Caption"] = "Heartbeat";
        properties["Description"] = "Microsoft Heartbeat Service";
        properties["ElementName"] = "Heartbeat";
        properties["Name"] = "Heartbeat";
        FillHealthy(properties);
        properties["OperationalStatus"] = status.Select(one => (ushort)one).ToArray();
        properties["StatusDescriptions"] = status.Select(GuestState.TextOf).ToArray();
        properties["EnabledState"] = (ushort)2;
        properties["EnabledDefault"] = (ushort)7;
        properties["RequestedState"] = (ushort)12;
    }
}
