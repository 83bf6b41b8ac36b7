using HostAgent.HyperV.Cim;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>Msvm_ReplicationRelationship: none without replication, otherwise one, or two with an extended replica.</summary>
internal sealed class RelationshipClass : SimulatedClassOf<Relationship>
{
    public override string Name => HyperVClasses.ReplicationRelationship;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_ManagedSystemElement"];

    public static IEnumerable<Relationship> Of(VirtualMachine machine)
    {
        if (machine.Mode is ReplicationMode.None or ReplicationMode.TestReplica)
        {
            yield break;
        }

        yield return new Relationship(machine, 0);
        if (machine.Extended)
        {
            yield return new Relationship(machine, 1);
        }
    }

    public static DateTimeOffset? LastReplication(HostWorld world, VirtualMachine machine)
        => machine.Mode is ReplicationMode.None or ReplicationMode.TestReplica ? null : machine.LastReplicationAt(world.NowTime);

    public static DateTimeOffset? LastApplicationConsistent(HostWorld world, VirtualMachine machine)
        => machine.RecoveryPointsAt(world.NowTime).LastOrDefault(point => point.Type == RecoveryPointType.ApplicationConsistent)?.Time;

    public static ReplicationState StateOf(Relationship relationship) => relationship.Machine.StateOf(relationship.Index);

    public static ReplicationHealth HealthOf(Relationship relationship) => relationship switch
    {
        { Index: ChangedSettings.PrimaryRelationship, Machine.Health: var health } => health,
        { Machine.ExtendedState: ReplicationState.Critical } => ReplicationHealth.Critical,
        _ => ReplicationHealth.Ok,
    };

    protected override IEnumerable<Relationship> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, Relationship item)
        => [new("InstanceID", item.InstanceId)];

    protected override void Fill(HostWorld world, Relationship item, Dictionary<string, object?> properties)
    {
        var machine = item.Machine;
        var primary = item.Index == 0;
        properties["Caption"] = "Replication Relationship";
        properties["Description"] = "Virtual Machine Replication Relationship";
        properties["ElementName"] = machine.Name;
        properties["InstallDate"] = null;
        FillHealthy(properties);
        properties["ReplicationState"] = (ushort)StateOf(item);
        properties["ReplicationHealth"] = (ushort)HealthOf(item);
        properties["FailedOverReplicationType"] = (ushort)(primary ? machine.FailedOver : ReplicationType.None);
        properties["LastReplicationType"] = (ushort)(primary ? machine.LastType : ReplicationType.Regular);
        properties["LastReplicationTime"] = LastReplication(world, machine);
        properties["LastApplyTime"] = LastReplication(world, machine);
        properties["LastApplicationConsistentReplicationTime"] = LastApplicationConsistent(world, machine);
    }
}

/// <summary>Msvm_ReplicationSettingData, with every property.</summary>
internal sealed class RelationshipSettingsClass : SimulatedClassOf<RelationshipSettings>
{
    public override string Name => HyperVClasses.ReplicationSettingData;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_VirtualSystemSettingData", "CIM_SettingData"];

    public static IEnumerable<RelationshipSettings> Of(VirtualMachine machine)
        => RelationshipClass.Of(machine).Select(relationship => new RelationshipSettings(relationship));

    protected override IEnumerable<RelationshipSettings> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, RelationshipSettings item)
        => [new("InstanceID", item.Relationship.SettingsId(world.Description.Platform))];

    protected override void Fill(HostWorld world, RelationshipSettings item, Dictionary<string, object?> properties)
    {
        var machine = item.Relationship.Machine;
        var host = world.Description;
        var primary = item.Relationship.Index == 0;
        var id = CimText.Guid(machine.Id);
        var byCertificate = machine.Description.Authentication is AuthenticationType.Certificate;
        var primaryServer = SiteNames.Primary(host);
        var recoveryServer = SiteNames.Recovery(host);
        var extendedServer = SiteNames.Extended(host);
        var (sender, receiver) = (primary, machine.Mode) switch
        {
            (false, _) => (recoveryServer, extendedServer),
            (_, ReplicationMode.Primary) => (recoveryServer, primaryServer),
            _ => (primaryServer, recoveryServer),
        };
        properties["Caption"] = "Replication Settings";
        properties["Description"] = "Virtual Machine Replication Settings Data";
        properties["ElementName"] = machine.Name;
        properties["VirtualSystemIdentifier"] = id;
        properties["VirtualSystemType"] = ReplicationSettingData.ReplicaSystemType;
        properties["AuthenticationType"] = (ushort)machine.Description.Authentication;
        properties["CertificateThumbPrint"] = byCertificate ? world.Certificates.ThumbprintOf(machine.Description.Certificate) : null;
        properties["RootCertificateThumbPrint"] = byCertificate ? world.Certificates.Elsewhere("root") : null;
        properties["CompressionEnabled"] = true;
        properties["BypassProxyServer"] = false;
        properties["PrimaryConnectionPoint"] = sender;
        properties["PrimaryHostSystem"] = sender;
        properties["RecoveryConnectionPoint"] = receiver;
        properties["RecoveryHostSystem"] = receiver;
        properties["RecoveryServerPortNumber"] = (ushort)(byCertificate ? 443 : 80);
        properties["ReplicateHostKvpItems"] = true;
        properties["ApplicationConsistentSnapshotInterval"] = (ushort)(machine.Description.RecoveryHistory == 0 ? 0 : machine.Description.ApplicationConsistentHours);
        properties["RecoveryHistory"] = (ushort)machine.Description.RecoveryHistory;
        properties["IncludedDisks"] = HardDiskClass.Of(machine).Select(HardDiskClass.InstanceIdOf).ToArray();
        properties["AutoResynchronizeEnabled"] = false;
        properties["AutoResynchronizeIntervalStart"] = new TimeSpan(18, 30, 0);
        properties["AutoResynchronizeIntervalEnd"] = new TimeSpan(6, 0, 0);
        properties["EnableWriteOrderPreservationAcrossDisks"] = true;
        properties["ReplicationProvider"] = PlatformRules.Has(host.Platform, HyperVClasses.ReplicationProvider) ? ReplicationProviderClass.PathOfUsed(world).ToString() : null;
        properties["AdditionalSettings"] = null;
        properties["ReplicationInterval"] = (ushort)300;
        FillInherited(properties);
        foreach (var (name, value) in machine.Settings.Of(item.Relationship.Index))
        {
            properties[name] = value;
        }
    }

    // Inherited from CIM_VirtualSystemSettingData; empty on a real host too.
    private static void FillInherited(Dictionary<string, object?> properties)
    {
        foreach (var name in (ReadOnlySpan<string>)[
            "Notes", "CreationTime", "ConfigurationID", "ConfigurationDataRoot", "ConfigurationFile", "SnapshotDataRoot", "SuspendDataRoot",
            "SwapFileDataRoot", "LogDataRoot", "AutomaticStartupAction", "AutomaticStartupActionDelay",
            "AutomaticStartupActionSequenceNumber", "AutomaticShutdownAction", "AutomaticRecoveryAction", "RecoveryFile"])
        {
            properties[name] = null;
        }
    }
}

/// <summary>Msvm_ReplicationProvider: always the in-box one, and the external one when the host uses it.</summary>
internal sealed class ReplicationProviderClass : SimulatedClassOf<ReplicationProvider>
{
    private static readonly Guid InBoxId = Guid.Parse(ReplicationProviderPath.InBoxProvider);

    public override string Name => "Msvm_ReplicationProvider";

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_ManagedElement"];

    public static ReplicationProvider Used(HostWorld world) => world.Description.Provider == ReplicationProviderKind.InBox
        ? new ReplicationProvider(InBoxId, InBox: true)
        : new ReplicationProvider(SeededGuid.Create(world.Seed, "replication provider"), InBox: false);

    public static CimObjectPath PathOfUsed(HostWorld world) => new ReplicationProviderClass().PathOf(world, Used(world));

    protected override IEnumerable<ReplicationProvider> Objects(HostWorld world)
    {
        yield return new ReplicationProvider(InBoxId, InBox: true);
        if (Used(world) is { InBox: false } external)
        {
            yield return external;
        }
    }

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ReplicationProvider item)
        => [new("InstanceID", $@"Microsoft:{world.Description.Name}\ReplicationProvider\{CimText.Guid(item.Id)}")];

    protected override void Fill(HostWorld world, ReplicationProvider item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Replication Provider";
        properties["Name"] = CimText.Guid(item.Id);
        properties["ElementName"] = item.InBox ? "Microsoft Hyper-V Replication Provider" : "Simulated Replication Provider";
        properties["Description"] = item.InBox
            ? "Replicates virtual machines to a Hyper-V host"
            : "Replicates virtual machines between sites and carries out failback (simulated)";
    }
}

/// <summary>Msvm_ReplicationService with its fixed values.</summary>
internal sealed class ReplicationServiceClass : SimulatedClassOf<ReplicationService>
{
    private static readonly ReplicationService[] One = [new()];

    public override string Name => HyperVClasses.ReplicationService;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_Service", "CIM_EnabledLogicalElement"];

    protected override IEnumerable<ReplicationService> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ReplicationService item)
    => [
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

/// <summary>Msvm_ReplicationServiceSettingData: the host as a replica server.</summary>
internal sealed class ReplicationServiceSettingsClass : SimulatedClassOf<ReplicationServiceSettings>
{
    private static readonly ReplicationServiceSettings[] One = [new()];

    public override string Name => HyperVClasses.ReplicationServiceSettingData;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_SettingData"];

    protected override IEnumerable<ReplicationServiceSettings> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ReplicationServiceSettings item)
        => [new("InstanceID", $@"Microsoft:{world.Description.Name}\ReplicationServiceSettingData")];

    protected override void Fill(HostWorld world, ReplicationServiceSettings item, Dictionary<string, object?> properties)
    {
        var settings = world.Server.Settings;
        properties["Caption"] = "Replication Service Settings";
        properties["Description"] = "Replication Service Settings Data";
        properties["ElementName"] = "Replication Service Settings";
        properties["RecoveryServerEnabled"] = settings.Enabled;
        properties["AllowedAuthenticationType"] = (ushort)settings.AllowedAuthentication;
        properties["CertificateThumbPrint"] = settings.CertificateThumbPrint;
        properties["HttpPort"] = (ushort)settings.HttpPort;
        properties["HttpsPort"] = (ushort)settings.HttpsPort;
        properties["MonitoringInterval"] = (uint)settings.MonitoringInterval.TotalSeconds;
        properties["MonitoringStartTime"] = settings.MonitoringStartTime;
    }
}

/// <summary>Msvm_ReplicationAuthorizationSettingData: which servers may replicate to the host.</summary>
internal sealed class AuthorizationEntryClass : SimulatedClassOf<SimulatedAuthorizationEntry>
{
    public const string ClassName = HyperVClasses.ReplicationAuthorizationSettingData;

    public override string Name => ClassName;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_SettingData"];

    protected override IEnumerable<SimulatedAuthorizationEntry> Objects(HostWorld world) => world.Server.Entries;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, SimulatedAuthorizationEntry item)
        => [new("InstanceID", $@"Microsoft:{world.Description.Name}\{ClassName}\{item.AllowedPrimaryHostSystem}")];

    protected override void Fill(HostWorld world, SimulatedAuthorizationEntry item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Replication Authorization Settings";
        properties["Description"] = "Replication Authorization Settings Data";
        properties["ElementName"] = item.AllowedPrimaryHostSystem;
        properties["AllowedPrimaryHostSystem"] = item.AllowedPrimaryHostSystem;
        properties["TrustGroup"] = item.TrustGroup;
        properties["ReplicaStorageLocation"] = item.ReplicaStorageLocation;
    }
}
