using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_ReplicationAuthorizationSettingData: who may replicate to the host.</summary>
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
