using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_ReplicationSettingData, every property of it.</summary>
internal sealed class RelationshipSettingsClass : SimulatedClassOf<RelationshipSettings>
{
    public override string Name => HyperVClasses.ReplicationSettingData;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_VirtualSystemSettingData", "CIM_SettingData"];

    public static IEnumerable<RelationshipSettings> Of(VirtualMachine machine)
        => RelationshipClass.Of(machine).Select(relationship => new RelationshipSettings(relationship));

    protected override IEnumerable<RelationshipSettings> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, RelationshipSettings item)
        => [new("InstanceID", PlatformRules.InstanceId(world.Description.Platform, item.Relationship))];

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

    // Inherited from CIM_VirtualSystemSettingData and empty on a real host too.
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
