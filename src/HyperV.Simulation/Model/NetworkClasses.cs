using System.Globalization;
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
        properties["StaticMacAddress"] = item.Description.StaticMac is not null;
        properties["Address"] = item.Description.StaticMac?.ToUpperInvariant() ?? "00155D" + Convert.ToHexString(drawn, 0, 3);
        properties["VirtualSystemIdentifiers"] = new[] { CimText.Guid(item.Machine.Id) };
    }

    private static string Number(Adapter adapter) => adapter.Index.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Msvm_EthernetPortAllocationSettingData: an adapter's connection to a switch.</summary>
internal sealed class ConnectionClass : SimulatedClassOf<AdapterConnection>
{
    public override string Name => "Msvm_EthernetPortAllocationSettingData";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_EthernetPortAllocationSettingData", "CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    public static IEnumerable<AdapterConnection> Of(VirtualMachine machine) => AdapterClass.Of(machine).Select(adapter => new AdapterConnection(adapter));

    protected override IEnumerable<AdapterConnection> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, AdapterConnection item) => [new("InstanceID", AdapterClass.InstanceIdOf(item.Adapter) + @"\C")];

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

/// <summary>Msvm_EthernetSwitchPortVlanSettingData: the VLAN of a connection.</summary>
internal sealed class VlanClass : SimulatedClassOf<AdapterVlan>
{
    public override string Name => "Msvm_EthernetSwitchPortVlanSettingData";

    public override IReadOnlyList<string> Ancestors { get; } = ["Msvm_EthernetSwitchPortFeatureSettingData", "Msvm_FeatureSettingData", "CIM_SettingData"];

    public static IEnumerable<AdapterVlan> Of(AdapterConnection connection) => connection.Adapter.Description.Vlan is null ? [] : [new AdapterVlan(connection.Adapter)];

    protected override IEnumerable<AdapterVlan> Objects(HostWorld world) => world.VirtualMachines.SelectMany(ConnectionClass.Of).SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, AdapterVlan item) => [new("InstanceID", AdapterClass.InstanceIdOf(item.Adapter) + @"\C\952C5004-4465-451C-8CB8-FA9AB382B773")];

    protected override void Fill(HostWorld world, AdapterVlan item, Dictionary<string, object?> properties)
    {
        properties["ElementName"] = "Ethernet Switch Port VLAN Settings";
        properties["OperationMode"] = 1u;
        properties["AccessVlanId"] = (ushort)item.Adapter.Description.Vlan!.Value;
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

/// <summary>A network adapter of a machine.</summary>
internal sealed record Adapter(VirtualMachine Machine, int Index)
{
    public SimulatedAdapterDescription Description => Machine.Description.Adapters[Index];

    public string? Switch => Machine.SwitchOf(Index);
}

/// <summary>An adapter's connection to a switch.</summary>
internal sealed record AdapterConnection(Adapter Adapter);

/// <summary>The VLAN of an adapter's connection.</summary>
internal sealed record AdapterVlan(Adapter Adapter);

/// <summary>What the guest has on an adapter.</summary>
internal sealed record GuestAdapter(Adapter Adapter);
