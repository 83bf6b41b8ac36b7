using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;
using VirtualMachine = HostAgent.HyperV.Simulation.World.VirtualMachine;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>An integration service. A machine that is off has none.</summary>
/// <param name="name">The class.</param>
/// <param name="device">The last part of its DeviceID.</param>
/// <param name="caption">What it is called.</param>
/// <param name="description">The same, as the host writes it.</param>
internal abstract class GuestServiceClass<T>(string name, string device, string caption, string description) : SimulatedClassOf<T>
    where T : GuestService
{
    public override string Name => name;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_LogicalDevice"];

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, T item)
    => [
        new("CreationClassName", Name), new("DeviceID", $@"Microsoft:{CimText.Guid(item.Machine.Id)}\{device}"),
        new("SystemCreationClassName", HyperVClasses.ComputerSystem), new("SystemName", CimText.Guid(item.Machine.Id)),
    ];

    protected override void Fill(HostWorld world, T item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = caption;
        properties["Description"] = description;
        properties["ElementName"] = caption;
        properties["Name"] = caption;
        FillHealthy(properties);
        properties["EnabledState"] = (ushort)2;
        properties["EnabledDefault"] = (ushort)7;
        properties["RequestedState"] = (ushort)12;
    }
}

/// <summary>Msvm_ShutdownComponent: shuts down the guest of a running machine.</summary>
internal sealed class ShutdownComponentClass()
    : GuestServiceClass<ShutdownComponent>("Msvm_ShutdownComponent", "9F8233AC-BE49-4C79-8EE3-E7E1985B2077", "Shutdown", "Microsoft Shutdown Service")
{
    public static IEnumerable<ShutdownComponent> Of(VirtualMachine machine) => GuestState.HasServices(machine) ? [new ShutdownComponent(machine)] : [];

    protected override IEnumerable<ShutdownComponent> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override void Fill(HostWorld world, ShutdownComponent item, Dictionary<string, object?> properties)
    {
        base.Fill(world, item, properties);
        properties["Availability"] = (ushort)6;
    }
}

/// <summary>Msvm_KvpExchangeComponent: by which the guest tells its addresses, and takes those that it gets after a failover.</summary>
internal sealed class DataExchangeComponentClass()
    : GuestServiceClass<DataExchangeComponent>("Msvm_KvpExchangeComponent", "2A34B1C2-FD73-4043-8A5B-DD2159BC743F", "Key-Value Pair Exchange", "Microsoft Key-Value Pair Exchange Service")
{
    public static IEnumerable<DataExchangeComponent> Of(VirtualMachine machine) => GuestState.HasServices(machine) ? [new DataExchangeComponent(machine)] : [];

    protected override IEnumerable<DataExchangeComponent> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);
}

/// <summary>Msvm_HeartbeatComponent: whether the guest of a running machine answers.</summary>
internal sealed class HeartbeatComponentClass()
    : GuestServiceClass<HeartbeatComponent>("Msvm_HeartbeatComponent", "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47", "Heartbeat", "Microsoft Heartbeat Service")
{
    public static IEnumerable<HeartbeatComponent> Of(VirtualMachine machine) => GuestState.HasServices(machine) ? [new HeartbeatComponent(machine)] : [];

    protected override IEnumerable<HeartbeatComponent> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override void Fill(HostWorld world, HeartbeatComponent item, Dictionary<string, object?> properties)
    {
        base.Fill(world, item, properties);
        var status = GuestState.HeartbeatOf(item.Machine, world);
        properties["OperationalStatus"] = status.Select(one => (ushort)one).ToArray();
        properties["StatusDescriptions"] = status.Select(GuestState.TextOf).ToArray();
    }
}
