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
