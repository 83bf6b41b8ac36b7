using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

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
        properties["Caption"] = "Replication Service Settings";
        properties["Description"] = "Replication Service Settings Data";
        properties["ElementName"] = "Replication Service Settings";
        properties["RecoveryServerEnabled"] = true;
        properties["AllowedAuthenticationType"] = (ushort)2;
        properties["CertificateThumbPrint"] = null;
        properties["HttpPort"] = (ushort)80;
        properties["HttpsPort"] = (ushort)443;
        properties["MonitoringInterval"] = (uint)43_200;
        properties["MonitoringStartTime"] = new TimeSpan(9, 0, 0);
    }
}
