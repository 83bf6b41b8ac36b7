using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>Msvm_VirtualEthernetSwitch.</summary>
internal sealed class SwitchClass : SimulatedClassOf<VirtualSwitch>
{
    public override string Name => "Msvm_VirtualEthernetSwitch";

    // Not CIM_ComputerSystem, although the real one is: clients list that class to find machines.
    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_VirtualEthernetSwitch"];

    public static VirtualSwitch? Find(HostWorld world, string? name)
        => name is null ? null : world.Description.Switches.Where(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)).Select(known => new VirtualSwitch(known)).FirstOrDefault();

    protected override IEnumerable<VirtualSwitch> Objects(HostWorld world) => world.Description.Switches.Select(name => new VirtualSwitch(name));

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, VirtualSwitch item)
        => [new("CreationClassName", Name), new("Name", CimText.Guid(SeededGuid.Create(world.Seed, "switch", world.Description.Name, item.Name)))];

    protected override string NameOf(VirtualSwitch item) => item.Name;

    protected override void Fill(HostWorld world, VirtualSwitch item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual Switch";
        FillHealthy(properties);
        properties["EnabledState"] = (ushort)2;
    }
}

/// <summary>Msvm_EthernetSwitchPort: one for each connected adapter, one for the host unless the switch is private, and one for the network of an external switch.</summary>
internal sealed class SwitchPortClass : SimulatedClassOf<SwitchPort>
{
    private const string HostPort = "host";
    private const string NetworkPort = "network";

    public override string Name => "Msvm_EthernetSwitchPort";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_EthernetSwitchPort"];

    public static IEnumerable<SwitchPort> Of(HostWorld world, VirtualSwitch item)
    {
        var isPrivate = world.Description.PrivateSwitches.Contains(item.Name, StringComparer.OrdinalIgnoreCase);
        var isInternal = world.Description.InternalSwitches.Contains(item.Name, StringComparer.OrdinalIgnoreCase);
        IEnumerable<SwitchPort> own = isPrivate ? [] : isInternal ? [new(item, HostPort, Adapter: null)] : [new(item, HostPort, Adapter: null), new(item, NetworkPort, Adapter: null)];
        return own.Concat(world.VirtualMachines.SelectMany(AdapterClass.Of)
            .Where(adapter => string.Equals(adapter.Switch, item.Name, StringComparison.OrdinalIgnoreCase)).Select(adapter => new SwitchPort(item, AdapterClass.InstanceIdOf(adapter), adapter)));
    }

    /// <summary>What the settings of a port name: the host, or its network adapter; the settings of a machine's port are those of its connection.</summary>
    public static string ResourceOf(HostWorld world, SwitchPort port) => port.Key == HostPort
        ? new HostSystemClass().PathOf(world, new HostSystem()).ToString()
        : CimObjectPath.ForKey("Msvm_ExternalEthernetPort", "DeviceID", CimText.Guid(SeededGuid.Create(world.Seed, "network adapter", world.Description.Name)), HyperVClasses.Namespace, world.Description.Name).ToString();

    protected override IEnumerable<SwitchPort> Objects(HostWorld world) => world.Description.Switches.SelectMany(name => Of(world, new VirtualSwitch(name)));

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, SwitchPort item)
        => [new("CreationClassName", Name), new("DeviceID", CimText.Guid(SeededGuid.Create(world.Seed, "switch port", world.Description.Name, item.Switch.Name, item.Key)))];

    protected override void Fill(HostWorld world, SwitchPort item, Dictionary<string, object?> properties)
    {
        properties["ElementName"] = "Ethernet Switch Port";
        FillHealthy(properties);
    }
}

/// <summary>Msvm_EthernetPortAllocationSettingData: what a switch's own port is connected to.</summary>
internal sealed class SwitchPortSettingsClass : SimulatedClassOf<SwitchPortSettings>
{
    public override string Name => "Msvm_EthernetPortAllocationSettingData";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_EthernetPortAllocationSettingData", "CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    protected override IEnumerable<SwitchPortSettings> Objects(HostWorld world)
        => world.Description.Switches.SelectMany(name => SwitchPortClass.Of(world, new VirtualSwitch(name))).Where(port => port.Adapter is null).Select(port => new SwitchPortSettings(port));

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, SwitchPortSettings item)
        => [new("InstanceID", $@"Microsoft:{CimText.Guid(SeededGuid.Create(world.Seed, "switch", world.Description.Name, item.Port.Switch.Name))}\{item.Port.Key}")];

    protected override void Fill(HostWorld world, SwitchPortSettings item, Dictionary<string, object?> properties)
    {
        properties["ElementName"] = "Ethernet Switch Port";
        properties["ResourceType"] = (ushort)33;
        properties["HostResource"] = new[] { SwitchPortClass.ResourceOf(world, item.Port) };
        properties["EnabledState"] = (ushort)2;
    }
}

/// <summary>Msvm_SyntheticEthernetPortSettingData: a network adapter.</summary>
internal sealed class AdapterClass : SimulatedClassOf<Adapter>
{
    public override string Name => "Msvm_SyntheticEthernetPortSettingData";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_EthernetPortAllocationSettingData", "CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    public static IEnumerable<Adapter> Of(VirtualMachine machine) => machine.Description.Adapters.Select((_, index) => new Adapter(machine, index));

    /// <summary>The same on both hosts of a pair, as on real ones.</summary>
    public static string InstanceIdOf(Adapter adapter) => $@"Microsoft:{CimText.Guid(adapter.Machine.Id)}\{CimText.Guid(SeededGuid.Create(0, "adapter", CimText.Guid(adapter.Machine.Id), Number(adapter)))}";

    protected override IEnumerable<Adapter> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, Adapter item) => [new("InstanceID", InstanceIdOf(item))];

    protected override string NameOf(Adapter item) => item.Description.Name;

    protected override void Fill(HostWorld world, Adapter item, Dictionary<string, object?> properties)
    {
        var drawn = SeededGuid.Create(world.Seed, "mac", world.Description.Name, CimText.Guid(item.Machine.Id), Number(item)).ToByteArray();
        properties["Caption"] = "Virtual Ethernet Port Settings";
        properties["ResourceType"] = (ushort)10;
        properties["ResourceSubType"] = "Microsoft:Hyper-V:Synthetic Ethernet Port";
        properties["StaticMacAddress"] = item.StaticMac is not null;
        properties["Address"] = item.StaticMac?.ToUpperInvariant() ?? "00155D" + Convert.ToHexString(drawn, 0, 3);
        properties["VirtualSystemIdentifiers"] = new[] { CimText.Guid(item.Machine.Id) };
    }

    private static string Number(Adapter adapter) => adapter.Index.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Msvm_EthernetPortAllocationSettingData: an adapter's connection to a switch.</summary>
internal sealed class ConnectionClass : SimulatedClassOf<AdapterConnection>
{
    public override string Name => "Msvm_EthernetPortAllocationSettingData";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_EthernetPortAllocationSettingData", "CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    public static string InstanceIdOf(Adapter adapter) => AdapterClass.InstanceIdOf(adapter) + @"\C";

    public static IEnumerable<AdapterConnection> Of(VirtualMachine machine) => AdapterClass.Of(machine).Select(adapter => new AdapterConnection(adapter));

    protected override IEnumerable<AdapterConnection> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, AdapterConnection item) => [new("InstanceID", InstanceIdOf(item.Adapter))];

    protected override void Fill(HostWorld world, AdapterConnection item, Dictionary<string, object?> properties)
    {
        var connected = SwitchClass.Find(world, item.Adapter.Switch);
        properties["Caption"] = "Ethernet Switch Port Settings";
        properties["ElementName"] = "Dynamic Ethernet Switch Port";
        properties["ResourceType"] = (ushort)33;
        properties["ResourceSubType"] = "Microsoft:Hyper-V:Ethernet Connection";
        properties["Parent"] = new AdapterClass().PathOf(world, item.Adapter).ToString();
        properties["HostResource"] = connected is null ? Array.Empty<string>() : new[] { new SwitchClass().PathOf(world, connected).ToString() };
        properties["EnabledState"] = (ushort)(connected is null ? 3 : 2);
        properties["LastKnownSwitchName"] = item.Adapter.Switch;
        properties["RequiredFeatureHints"] = Array.Empty<string>();
    }
}

/// <summary>Msvm_EthernetSwitchPortVlanSettingData: the VLAN of a connection, and the definition from which clients make one.</summary>
internal sealed class VlanClass : SimulatedClassOf<ConnectionVlan>
{
    private const string FeatureId = "952C5004-4465-451C-8CB8-FA9AB382B773";

    public static CimClass Declaration { get; } = new("Msvm_EthernetSwitchPortVlanSettingData",
    [
        new("InstanceID", CimType.String), new("Caption", CimType.String), new("Description", CimType.String), new("ElementName", CimType.String),
        new("OperationMode", CimType.UInt32), new("AccessVlanId", CimType.UInt16),
    ]);

    public override string Name => Declaration.Name;

    public override IReadOnlyList<string> Ancestors { get; } = ["Msvm_EthernetSwitchPortFeatureSettingData", "Msvm_FeatureSettingData", "CIM_SettingData"];

    public static IEnumerable<ConnectionVlan> Of(AdapterConnection connection) => connection.Adapter.Vlan is null ? [] : [new ConnectionVlan(connection.Adapter)];

    public static string InstanceIdOf(ConnectionVlan item) => item.Adapter is { } adapter ? $@"{AdapterClass.InstanceIdOf(adapter)}\C\{FeatureId}" : $@"Microsoft:Definition\{FeatureId}\Default";

    protected override IEnumerable<ConnectionVlan> Objects(HostWorld world) => world.VirtualMachines.SelectMany(ConnectionClass.Of).SelectMany(Of).Append(new ConnectionVlan(Adapter: null));

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ConnectionVlan item) => [new("InstanceID", InstanceIdOf(item))];

    protected override void Fill(HostWorld world, ConnectionVlan item, Dictionary<string, object?> properties)
    {
        properties["ElementName"] = "Ethernet Switch Port VLAN Settings";
        properties["OperationMode"] = item.Adapter is null ? 0u : 1u;
        properties["AccessVlanId"] = (ushort)(item.Adapter?.Vlan ?? 0);
    }
}

/// <summary>Msvm_GuestNetworkAdapterConfiguration: the addresses that a guest with contact has.</summary>
internal sealed class GuestAdapterClass : SimulatedClassOf<GuestAdapter>
{
    public override string Name => "Msvm_GuestNetworkAdapterConfiguration";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_SettingData"];

    public static IEnumerable<GuestAdapter> Of(VirtualMachine machine) => AdapterClass.Of(machine).Select(adapter => new GuestAdapter(adapter));

    protected override IEnumerable<GuestAdapter> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, GuestAdapter item)
        => [new("InstanceID", AdapterClass.InstanceIdOf(item.Adapter).Replace("Microsoft:", @"Microsoft:GuestNetwork\", StringComparison.Ordinal))];

    protected override void Fill(HostWorld world, GuestAdapter item, Dictionary<string, object?> properties)
    {
        var machine = item.Adapter.Machine;
        var given = machine.AppliedNetwork.ElementAtOrDefault(item.Adapter.Index) is { Length: > 0 } text ? CimXmlText.Read(text)["IPAddresses"] as string[] ?? [] : [];
        var hasContact = GuestState.HasServices(machine) && GuestState.HeartbeatOf(machine, world)[0] == HeartbeatStatus.Ok;
        properties["ProtocolIFType"] = (ushort)4096;
        properties["DHCPEnabled"] = given.Length == 0;
        properties["IPAddresses"] = !hasContact ? [] : given.Length > 0 ? given : item.Adapter.Description.Addresses.ToArray();
        properties["Subnets"] = Array.Empty<string>();
        properties["DefaultGateways"] = Array.Empty<string>();
        properties["DNSServers"] = Array.Empty<string>();
    }
}

/// <summary>A virtual switch of the host.</summary>
internal sealed record VirtualSwitch(string Name);

/// <summary>A port of a virtual switch.</summary>
/// <param name="Switch">The switch.</param>
/// <param name="Key">What tells it from the switch's others.</param>
/// <param name="Adapter">The adapter that is connected to it; null for a port of the host.</param>
internal sealed record SwitchPort(VirtualSwitch Switch, string Key, Adapter? Adapter);

/// <summary>The settings of a host's port.</summary>
internal sealed record SwitchPortSettings(SwitchPort Port);

/// <summary>A network adapter of a machine.</summary>
internal sealed record Adapter(VirtualMachine Machine, int Index)
{
    public SimulatedAdapterDescription Description => Machine.Description.Adapters[Index];

    public string? Switch => Machine.SwitchOf(Index);

    public int? Vlan => Machine.VlanOf(Index);

    public string? StaticMac => Machine.StaticMacOf(Index);
}

/// <summary>An adapter's connection to a switch.</summary>
internal sealed record AdapterConnection(Adapter Adapter);

/// <summary>The VLAN of an adapter's connection.</summary>
/// <param name="Adapter">The adapter; null for the definition.</param>
internal sealed record ConnectionVlan(Adapter? Adapter);

/// <summary>What the guest has on an adapter.</summary>
internal sealed record GuestAdapter(Adapter Adapter);
