using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_ReplicationProvider: the in-box one always, the external one when the host uses it.</summary>
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
