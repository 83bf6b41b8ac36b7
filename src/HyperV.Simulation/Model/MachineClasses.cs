using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.VirtualMachines;
using OperationalStatus = HostAgent.HyperV.VirtualMachines.OperationalStatus;
using RecoveryPointType = HostAgent.HyperV.RecoveryPoints.RecoveryPointType;
using RecoveryPointTypes = HostAgent.HyperV.RecoveryPoints.RecoveryPointTypes;
using VirtualMachine = HostAgent.HyperV.Simulation.World.VirtualMachine;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>Msvm_ComputerSystem for virtual machines.</summary>
internal sealed class VirtualMachineClass : SimulatedClassOf<VirtualMachine>
{
    public static IReadOnlyList<string> AncestorNames { get; } = ["CIM_ComputerSystem", "CIM_System"];

    public override string Name => HyperVClasses.ComputerSystem;

    public override IReadOnlyList<string> Ancestors => AncestorNames;

    public override object? Find(HostWorld world, CimObjectPath path)
        => path.Keys.GetValueOrDefault("Name") is string name && Guid.TryParseExact(name, "D", out var id)
            && world.FindVirtualMachine(id) is { } machine && Matches(Keys(world, machine), path)
                ? machine
                : null;

    protected override IEnumerable<VirtualMachine> Objects(HostWorld world) => world.VirtualMachines;

    protected override IEnumerable<VirtualMachine>? Candidates(HostWorld world, IReadOnlyList<CimFilter> filters)
        => Wanted(filters, ElementName) is { } name ? world.VirtualMachinesNamed(name) : null;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, VirtualMachine item)
        => [new("CreationClassName", Name), new("Name", CimText.Guid(item.Id))];

    protected override string NameOf(VirtualMachine item) => item.Name;

    protected override void Fill(HostWorld world, VirtualMachine item, Dictionary<string, object?> properties)
    {
        var busy = item.BusyJob is not null;
        properties["Caption"] = "Virtual Machine";
        properties["Description"] = "Microsoft Virtual Machine";
        properties["InstallDate"] = item.Began - TimeSpan.FromDays(90);
        properties["Status"] = "OK";
        properties["HealthState"] = (ushort)5;
        properties["EnabledState"] = (ushort)item.Power;
        properties["EnabledDefault"] = (ushort)2;
        properties["RequestedState"] = (ushort)12;
        properties["OperationalStatus"] = WorkOf(item) is { } work
            ? [(ushort)OperationalStatus.InService, (ushort)work]
            : new[] { (ushort)(busy ? OperationalStatus.InService : OperationalStatus.Ok) };
        properties["StatusDescriptions"] = new[] { busy ? "In service" : "Operating normally" };
        properties["NumberOfNumaNodes"] = (ushort)1;
        properties["ReplicationMode"] = (ushort)item.Mode;
        properties["ReplicationState"] = (ushort)item.ReplicationState;
        properties["ReplicationHealth"] = (ushort)item.Health;
        properties["FailedOverReplicationType"] = (ushort)item.FailedOver;
        properties["LastReplicationType"] = (ushort)item.LastType;
        properties["TimeOfLastStateChange"] = item.PowerSince;
        properties["OnTimeInMilliseconds"] = item.Power == EnabledState.Running ? (ulong)(world.NowTime - item.PowerSince).TotalMilliseconds : 0UL;
        properties["LastReplicationTime"] = RelationshipClass.LastReplication(world, item);
        properties["LastApplicationConsistentReplicationTime"] = RelationshipClass.LastApplicationConsistent(world, item);
    }

    // Element 1 of the operational status covers only some kinds of work.
    private static OperationalStatus? WorkOf(VirtualMachine machine) => machine.BusyJob?.Type switch
    {
        JobType.CreateSnapshot => OperationalStatus.CreatingSnapshot,
        JobType.ApplySnapshot => OperationalStatus.ApplyingSnapshot,
        JobType.DeleteSnapshot => OperationalStatus.DeletingSnapshot,
        JobType.MergeDisks => OperationalStatus.MergingDisks,
        JobType.ExportVirtualMachine => OperationalStatus.ExportingVirtualMachine,
        _ => null,
    };
}

/// <summary>Msvm_VirtualSystemSettingData for a virtual machine's own settings.</summary>
internal sealed class SystemSettingsClass : SimulatedClassOf<SystemSettings>
{
    private const string InstancePrefix = "Microsoft:";

    public static IReadOnlyList<string> AncestorNames { get; } = ["CIM_VirtualSystemSettingData", "CIM_SettingData"];

    public override string Name => HyperVClasses.VirtualSystemSettingData;

    public override IReadOnlyList<string> Ancestors => AncestorNames;

    /// <summary>The machine whose settings have an InstanceID; null when there is none.</summary>
    public static VirtualMachine? MachineOf(HostWorld world, string? instance)
        => instance?.StartsWith(InstancePrefix, StringComparison.OrdinalIgnoreCase) == true && Guid.TryParseExact(instance.AsSpan(InstancePrefix.Length), "D", out var id)
            ? world.FindVirtualMachine(id)
            : null;

    public override object? Find(HostWorld world, CimObjectPath path)
        => MachineOf(world, path.Keys.GetValueOrDefault("InstanceID") as string) is { } machine && Matches(Keys(world, new SystemSettings(machine)), path)
                ? new SystemSettings(machine)
                : null;

    protected override IEnumerable<SystemSettings> Objects(HostWorld world) => world.VirtualMachines.Select(machine => new SystemSettings(machine));

    protected override IEnumerable<SystemSettings>? Candidates(HostWorld world, IReadOnlyList<CimFilter> filters)
        => Wanted(filters, ElementName) is { } name ? world.VirtualMachinesNamed(name).Select(machine => new SystemSettings(machine)) : null;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, SystemSettings item)
        => [new("InstanceID", InstancePrefix + CimText.Guid(item.Machine.Id))];

    protected override string NameOf(SystemSettings item) => item.Machine.Name;

    protected override void Fill(HostWorld world, SystemSettings item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual Machine Settings";
        properties["Description"] = "Active settings for the virtual machine.";
        properties["VirtualSystemIdentifier"] = CimText.Guid(item.Machine.Id);
        properties["VirtualSystemType"] = "Microsoft:Hyper-V:System:Realized";
        properties["CreationTime"] = item.Machine.Began - TimeSpan.FromDays(90);
        properties["Parent"] = null;
        properties["Notes"] = new[] { string.Empty };
        properties["Version"] = ConfigurationVersions.Of(item.Machine, world.Description);
        properties["VirtualSystemSubType"] = "Microsoft:Hyper-V:SubType:2";
        properties["AutomaticStartupAction"] = (ushort)item.Machine.StartupAction;
        properties["AutomaticStartupActionDelay"] = item.Machine.StartupDelay;
        properties["AutomaticShutdownAction"] = (ushort)4;
    }
}

/// <summary>Msvm_VirtualSystemSettingData for ordinary checkpoints.</summary>
internal sealed class CheckpointClass : SimulatedClassOf<Checkpoint>
{
    public override string Name => HyperVClasses.VirtualSystemSettingData;

    public override IReadOnlyList<string> Ancestors => SystemSettingsClass.AncestorNames;

    public static IEnumerable<Checkpoint> Of(VirtualMachine machine)
        => machine.Description.Checkpoints.Select((name, index) => new Checkpoint(machine, index, name));

    protected override IEnumerable<Checkpoint> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, Checkpoint item)
    {
        var id = SeededGuid.Create(world.Seed, "checkpoint", CimText.Guid(item.Machine.Id), item.Index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return [new("InstanceID", "Microsoft:" + CimText.Guid(id))];
    }

    protected override void Fill(HostWorld world, Checkpoint item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual Machine Settings";
        properties["Description"] = "Checkpoint Settings";
        properties["ElementName"] = item.Name;
        properties["VirtualSystemIdentifier"] = CimText.Guid(item.Machine.Id);
        properties["VirtualSystemType"] = "Microsoft:Hyper-V:Snapshot:Realized";
        properties["CreationTime"] = item.Machine.Began - TimeSpan.FromDays(1);
        properties["Parent"] = null;
        properties["Notes"] = new[] { string.Empty };
    }
}

/// <summary>Msvm_VirtualSystemSettingData for recovery points of replicas.</summary>
internal sealed class RecoveryPointClass : SimulatedClassOf<RecoveryPoint>
{
    public override string Name => HyperVClasses.VirtualSystemSettingData;

    public override IReadOnlyList<string> Ancestors => SystemSettingsClass.AncestorNames;

    protected override IEnumerable<RecoveryPoint> Objects(HostWorld world) => world.VirtualMachines.SelectMany(machine => machine.RecoveryPointsAt(world.NowTime));

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, RecoveryPoint item)
        => [new("InstanceID", item.InstanceId)];

    protected override void Fill(HostWorld world, RecoveryPoint item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual Machine Settings";
        properties["Description"] = "Recovery point of the virtual machine.";
        properties["ElementName"] = string.Create(
            CultureInfo.InvariantCulture, $"{item.Machine.Name} - {item.Time:yyyy-MM-dd HH:mm:ss} - {item.Type} recovery point");
        properties["VirtualSystemIdentifier"] = CimText.Guid(item.Machine.Id);
        properties["VirtualSystemType"] = item.Type switch
        {
            RecoveryPointType.ApplicationConsistent => RecoveryPointTypes.ApplicationConsistent,
            RecoveryPointType.PlannedFailover => RecoveryPointTypes.PlannedFailover,
            _ => RecoveryPointTypes.Standard,
        };
        properties["CreationTime"] = item.Time;
        properties["Parent"] = item.Parent is { } parent ? PathOf(world, parent).ToString() : null;
        properties["Notes"] = new[] { string.Empty };
    }
}

/// <summary>Msvm_FailoverNetworkAdapterSettingData: a guest's network settings after a failover.</summary>
internal sealed class FailoverNetworkAdapterClass : SimulatedClassOf<FailoverNetworkAdapter>
{
    public static CimClass Declaration { get; } = new("Msvm_FailoverNetworkAdapterSettingData",
    [
        new("InstanceID", CimType.String), new("Caption", CimType.String), new("Description", CimType.String), new("ElementName", CimType.String),
        new("ProtocolIFType", CimType.UInt16), new("DHCPEnabled", CimType.Boolean), new("IPAddresses", CimType.String, IsArray: true),
        new("Subnets", CimType.String, IsArray: true), new("DefaultGateways", CimType.String, IsArray: true), new("DNSServers", CimType.String, IsArray: true),
    ]);

    public override string Name => Declaration.Name;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_SettingData"];

    /// <summary>One for each adapter, whether or not something was set.</summary>
    public static IEnumerable<FailoverNetworkAdapter> Of(VirtualMachine machine)
        => machine.Description.Adapters.Select((_, index) => new FailoverNetworkAdapter(machine, index, machine.FailoverNetwork.ElementAtOrDefault(index) ?? string.Empty));

    /// <summary>The key of one adapter's settings.</summary>
    public static string InstanceIdOf(VirtualMachine machine, int index) => FormattableString.Invariant($@"Microsoft:{CimText.Guid(machine.Id)}\FailoverNetworkAdapter\{index}");

    protected override IEnumerable<FailoverNetworkAdapter> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, FailoverNetworkAdapter item)
        => [new("InstanceID", InstanceIdOf(item.Machine, item.Index))];

    protected override void Fill(HostWorld world, FailoverNetworkAdapter item, Dictionary<string, object?> properties)
    {
        if (item.Text.Length == 0)
        {
            properties["ProtocolIFType"] = (ushort)0;
            properties["DHCPEnabled"] = true;
            foreach (var list in (ReadOnlySpan<string>)["IPAddresses", "Subnets", "DefaultGateways", "DNSServers"])
            {
                properties[list] = Array.Empty<string>();
            }

            return;
        }

        var given = CimXmlText.Read(item.Text);
        foreach (var declared in Declaration.Properties.Where(declared => !properties.ContainsKey(declared.Name)))
        {
            properties[declared.Name] = declared.Name is "Caption" or "Description" or "ElementName" ? null : given[declared.Name];
        }
    }
}
