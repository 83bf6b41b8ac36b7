using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;
using VirtualMachine = HostAgent.HyperV.Simulation.World.VirtualMachine;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>The host's own row among the computer systems; clients must distinguish it from the virtual machines.</summary>
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

/// <summary>Msvm_VirtualSystemManagementService; ends test failovers and returns summaries of many machines.</summary>
internal sealed class VirtualSystemManagementServiceClass : SimulatedClassOf<VirtualSystemManagementService>
{
    private static readonly VirtualSystemManagementService[] One = [new()];

    public override string Name => "Msvm_VirtualSystemManagementService";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_VirtualSystemManagementService"];

    protected override IEnumerable<VirtualSystemManagementService> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, VirtualSystemManagementService item)
    => [
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

/// <summary>A cluster resource: a machine's, or without a machine the replication broker's.</summary>
internal sealed record ClusterRole(VirtualMachine? Machine, string Name);

/// <summary>MSCluster_Resource: the replication broker and every machine of the host. All machines of a node are cluster roles.</summary>
internal sealed class ClusterResourceClass : SimulatedClassOf<ClusterRole>
{
    public override string Name => ClusterClasses.Resource;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_LogicalElement"];

    protected override string Namespace => ClusterClasses.Namespace;

    protected override IEnumerable<ClusterRole> Objects(HostWorld world)
    {
        if (world.Description.Cluster is null)
        {
            yield break;
        }

        foreach (var broker in BrokerOf(world))
        {
            yield return broker;
        }

        // A resource gets its name once, when the machine becomes a role; names are unique in the cluster.
        var taken = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var machine in world.VirtualMachines.Where(IsRole))
        {
            var number = taken[machine.Description.Name] = taken.GetValueOrDefault(machine.Description.Name) + 1;
            yield return RoleOf(machine, number);
        }
    }

    protected override IEnumerable<ClusterRole>? Candidates(HostWorld world, IReadOnlyList<CimFilter> filters)
    {
        if (world.Description.Cluster is null)
        {
            return [];
        }

        if (string.Equals(Wanted(filters, "Type"), ClusterClasses.ReplicationBrokerType, StringComparison.OrdinalIgnoreCase))
        {
            return BrokerOf(world);
        }

        if (Wanted(filters, "Name") is { } name)
        {
            return [.. BrokerOf(world), .. NamesIn(name).SelectMany(shared => RolesOf(world, shared)).OrderBy(role => CimText.Guid(role.Machine!.Id), StringComparer.Ordinal)];
        }

        return Wanted(filters, ClusterClasses.VirtualMachineId) is not { } text ? null
            : Guid.TryParseExact(text, "D", out var id) && world.FindVirtualMachine(id) is { } machine ? RolesOf(world, machine.Description.Name).Where(role => role.Machine == machine)
            : [];
    }

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ClusterRole item) => [new("Name", item.Name)];

    protected override void Fill(HostWorld world, ClusterRole item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = item.Name;
        properties["Type"] = item.Machine is null ? ClusterClasses.ReplicationBrokerType : ClusterClasses.VirtualMachineType;
        properties["State"] = (uint)StateOf(world, item);
        properties["OwnerNode"] = item.Machine?.Description.OwnerNode ?? world.Description.Name;
        properties["OwnerGroup"] = item.Machine?.Description.Name ?? item.Name;
        properties["PrivateProperties"] = new CimInstance(
            null, "MSCluster_Property", item.Machine is { } machine ? [new("VmID", CimText.Guid(machine.Id))] : [new("RecoveryServerEnabled", 1u)]);
    }

    private static bool IsRole(VirtualMachine machine) => machine.Replica is null;

    private static ClusterRole RoleOf(VirtualMachine machine, int number)
    {
        var name = $"{ClusterClasses.VirtualMachineType} {machine.Description.Name}";
        return new ClusterRole(machine, number == 1 ? name : FormattableString.Invariant($"{name} ({number})"));
    }

    // Those of machines that were described with one name.
    private static IEnumerable<ClusterRole> RolesOf(HostWorld world, string name)
        => world.VirtualMachinesDescribedAs(name).Where(IsRole).Select((machine, index) => RoleOf(machine, index + 1));

    private static IEnumerable<ClusterRole> BrokerOf(HostWorld world)
        => world.Description.Cluster is { Broker: not SimulatedBroker.Missing } cluster ? [new ClusterRole(null, $"Hyper-V Replica Broker {cluster.Name}")] : [];

    // The names of machines whose resources may have a name: "Virtual Machine web (2)" is the first of "web (2)" or the second of "web".
    private static IEnumerable<string> NamesIn(string resource)
    {
        const string Before = ClusterClasses.VirtualMachineType + " ";
        if (!resource.StartsWith(Before, StringComparison.OrdinalIgnoreCase))
        {
            yield break;
        }

        var name = resource[Before.Length..];
        yield return name;
        if (name.EndsWith(')') && name.LastIndexOf(" (", StringComparison.Ordinal) is var numbered and > 0)
        {
            yield return name[..numbered];
        }
    }

    private static ClusterResourceState StateOf(HostWorld world, ClusterRole item) => (item.Machine, world.Description.Cluster?.Broker) switch
    {
        ({ Power: EnabledState.Running }, _) => ClusterResourceState.Online,
        ({ }, _) => ClusterResourceState.Offline,
        (_, SimulatedBroker.Online) => ClusterResourceState.Online,
        (_, SimulatedBroker.Failed) => ClusterResourceState.Failed,
        _ => ClusterResourceState.Offline,
    };
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

/// <summary>The one Msvm_VirtualSystemManagementCapabilities.</summary>
internal sealed record ManagementCapabilities;

/// <summary>A configuration version that the host supports.</summary>
internal sealed record SupportedVersion(string Version);

/// <summary>The one Msvm_VirtualSystemManagementServiceSettingData.</summary>
internal sealed record ManagementSettings;

/// <summary>The one Win32_OperatingSystem.</summary>
internal sealed record OperatingSystemOfHost;
