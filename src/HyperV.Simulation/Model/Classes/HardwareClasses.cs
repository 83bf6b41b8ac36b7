using System.Globalization;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Simulation.Model.Classes;

/// <summary>A part of a machine's settings that it has exactly once.</summary>
internal abstract class MachinePartClass<T>(string name, string device) : SimulatedClassOf<T>
    where T : MachinePart
{
    public override string Name => name;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    protected abstract T Of(VirtualMachine machine);

    protected override IEnumerable<T> Objects(HostWorld world) => world.VirtualMachines.Select(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, T item) => [new("InstanceID", $@"Microsoft:{CimText.Guid(item.Machine.Id)}\{device}")];
}

/// <summary>Msvm_SecuritySettingData: the trusted platform module.</summary>
internal sealed class SecuritySettingsClass() : MachinePartClass<SecuritySettings>("Msvm_SecuritySettingData", "Security")
{
    protected override SecuritySettings Of(VirtualMachine machine) => new(machine);

    protected override void Fill(HostWorld world, SecuritySettings item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Security Settings";
        properties["ElementName"] = "Security Settings";
        properties["TpmEnabled"] = item.Machine.Description.Tpm;
        properties["ShieldingRequested"] = false;
        properties["EncryptStateAndVmMigrationTraffic"] = item.Machine.Description.Tpm;
        properties["DataProtectionRequested"] = false;
    }
}

/// <summary>Msvm_MemorySettingData: the memory at the start, in megabytes.</summary>
internal sealed class MemorySettingsClass() : MachinePartClass<MemorySettings>("Msvm_MemorySettingData", "4764334D-E001-4176-82EE-5594EC9B530E")
{
    protected override MemorySettings Of(VirtualMachine machine) => new(machine);

    protected override void Fill(HostWorld world, MemorySettings item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Memory";
        properties["ElementName"] = "Memory";
        properties["ResourceType"] = (ushort)4;
        properties["ResourceSubType"] = "Microsoft:Hyper-V:Memory";
        properties["AllocationUnits"] = "byte * 2^20";
        properties["VirtualQuantity"] = (ulong)item.Machine.Description.MemoryMegabytes;
        properties["Reservation"] = (ulong)item.Machine.Description.MemoryMegabytes;
        properties["Limit"] = (ulong)item.Machine.Description.MemoryMegabytes;
        properties["DynamicMemoryEnabled"] = false;
    }
}

/// <summary>Msvm_StorageAllocationSettingData for a mounted DVD image.</summary>
internal sealed class MountedImageClass : SimulatedClassOf<MountedImage>
{
    public override string Name => HyperVClasses.StorageAllocationSettingData;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_StorageAllocationSettingData", "CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    public static IEnumerable<MountedImage> Of(VirtualMachine machine) => machine.Description.Iso is null ? [] : [new MountedImage(machine)];

    protected override IEnumerable<MountedImage> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, MountedImage item)
        => [new("InstanceID", $@"Microsoft:{CimText.Guid(item.Machine.Id)}\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\63\L")];

    protected override void Fill(HostWorld world, MountedImage item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "ISO Disk Image";
        properties["ElementName"] = "ISO Disk Image";
        properties["ResourceType"] = (ushort)31;
        properties["ResourceSubType"] = "Microsoft:Hyper-V:Virtual CD/DVD Disk";
        properties["HostResource"] = new[] { item.Machine.Description.Iso! };
    }
}

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
        var addresses = GuestState.HasServices(machine) && GuestState.HeartbeatOf(machine, world)[0] == HeartbeatStatus.Ok ? item.Adapter.Description.Addresses.ToArray() : [];
        properties["ProtocolIFType"] = (ushort)4096;
        properties["DHCPEnabled"] = true;
        properties["IPAddresses"] = addresses;
        properties["Subnets"] = Array.Empty<string>();
        properties["DefaultGateways"] = Array.Empty<string>();
        properties["DNSServers"] = Array.Empty<string>();
    }
}

/// <summary>Msvm_VirtualSystemManagementCapabilities; the settings that it defines name the supported configuration versions.</summary>
internal sealed class CapabilitiesClass : SimulatedClassOf<ManagementCapabilities>
{
    private static readonly ManagementCapabilities[] One = [new()];

    public override string Name => "Msvm_VirtualSystemManagementCapabilities";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_VirtualSystemManagementCapabilities"];

    protected override IEnumerable<ManagementCapabilities> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ManagementCapabilities item) => [new("InstanceID", "Microsoft:VirtualSystemManagementCapabilities")];

    protected override void Fill(HostWorld world, ManagementCapabilities item, Dictionary<string, object?> properties) => properties["ElementName"] = "Virtual System Management Capabilities";
}

/// <summary>Msvm_VirtualSystemSettingData for a supported version. Found over the capabilities only: clients that list the class look for machines.</summary>
internal sealed class SupportedVersionClass : SimulatedClassOf<SupportedVersion>
{
    public override string Name => HyperVClasses.VirtualSystemSettingData;

    public override IReadOnlyList<string> Ancestors => SystemSettingsClass.AncestorNames;

    protected override IEnumerable<SupportedVersion> Objects(HostWorld world) => [];

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, SupportedVersion item) => [new("InstanceID", $@"Microsoft:Definition\{item.Version}\Default")];

    protected override void Fill(HostWorld world, SupportedVersion item, Dictionary<string, object?> properties)
    {
        properties["ElementName"] = "Microsoft Windows " + item.Version;
        properties["VirtualSystemType"] = "Microsoft:Hyper-V:System:Definition";
        properties["Version"] = item.Version;
    }
}

/// <summary>Msvm_VirtualSystemManagementServiceSettingData: the range of dynamic MAC addresses.</summary>
internal sealed class ManagementSettingsClass : SimulatedClassOf<ManagementSettings>
{
    private static readonly ManagementSettings[] One = [new()];

    public override string Name => "Msvm_VirtualSystemManagementServiceSettingData";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_SettingData"];

    protected override IEnumerable<ManagementSettings> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ManagementSettings item) => [new("InstanceID", $"Microsoft:{world.Description.Name}")];

    protected override void Fill(HostWorld world, ManagementSettings item, Dictionary<string, object?> properties)
    {
        properties["ElementName"] = "Hyper-V Virtual System Management Service";
        properties["MinimumMacAddress"] = "00155D000000";
        properties["MaximumMacAddress"] = "00155DFFFFFF";
    }
}

/// <summary>A class that exists and of which the host has nothing.</summary>
internal sealed class EmptyClass(string name, params string[] ancestors) : SimulatedClassOf<EmptyClass.Nothing>
{
    public override string Name => name;

    public override IReadOnlyList<string> Ancestors => ancestors;

    protected override IEnumerable<Nothing> Objects(HostWorld world) => [];

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, Nothing item) => throw new NotSupportedException($"There is no {name}.");

    protected override void Fill(HostWorld world, Nothing item, Dictionary<string, object?> properties) => throw new NotSupportedException($"There is no {name}.");

    internal abstract class Nothing;
}

/// <summary>Win32_OperatingSystem: memory and clock.</summary>
internal sealed class OperatingSystemClass : SimulatedClassOf<OperatingSystemOfHost>
{
    private static readonly OperatingSystemOfHost[] One = [new()];

    public override string Name => "Win32_OperatingSystem";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_OperatingSystem"];

    protected override string Namespace => VolumeClasses.Namespace;

    protected override IEnumerable<OperatingSystemOfHost> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, OperatingSystemOfHost item)
    => [
        new("CreationClassName", Name), new("CSCreationClassName", "Win32_ComputerSystem"), new("CSName", world.Description.Name), new("Name", "Microsoft Windows Server (simulated)"),
    ];

    protected override void Fill(HostWorld world, OperatingSystemOfHost item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Microsoft Windows Server (simulated)";
        properties["TotalVisibleMemorySize"] = (ulong)world.Description.MemoryMegabytes * 1024;
        properties["FreePhysicalMemory"] = (ulong)HostMemory.FreeMegabytes(world) * 1024;
        // A host that has had power all the time was started before everything that it shows.
        properties["LastBootUpTime"] = (world.Booted ?? new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)) + TimeSpan.FromSeconds(world.Description.ClockOffsetSeconds);
        properties["LocalDateTime"] = world.NowTime + TimeSpan.FromSeconds(world.Description.ClockOffsetSeconds);
    }
}

/// <summary>A part of a machine's settings.</summary>
internal abstract record MachinePart(VirtualMachine Machine);

/// <summary>A machine's security settings.</summary>
internal sealed record SecuritySettings(VirtualMachine Machine) : MachinePart(Machine);

/// <summary>A machine's memory settings.</summary>
internal sealed record MemorySettings(VirtualMachine Machine) : MachinePart(Machine);

/// <summary>A machine's mounted DVD image.</summary>
internal sealed record MountedImage(VirtualMachine Machine) : MachinePart(Machine);

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

/// <summary>The one Msvm_VirtualSystemManagementCapabilities.</summary>
internal sealed record ManagementCapabilities;

/// <summary>A configuration version that the host supports.</summary>
internal sealed record SupportedVersion(string Version);

/// <summary>The one Msvm_VirtualSystemManagementServiceSettingData.</summary>
internal sealed record ManagementSettings;

/// <summary>The one Win32_OperatingSystem.</summary>
internal sealed record OperatingSystemOfHost;
