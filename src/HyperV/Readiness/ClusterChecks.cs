using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Readiness;

/// <summary>The checks that are about the failover cluster. On a host that is no node of one they pass.</summary>
internal static class ClusterChecks
{
    public static IEnumerable<ReadinessCheck> Make(ReadinessFacts facts, VirtualMachine machine)
        => [Owner(facts), BrokerThere(facts.Cluster, machine), BrokerOnline(facts.Cluster, machine)];

    private static ReadinessCheck Owner(ReadinessFacts facts)
    {
        var (passed, observed) = WhyNotJudged(facts.Cluster) is { } reason
            ? (true, reason)
            : (facts.Cluster.Value!.Machine, facts.HostName) switch
            {
                (null, _) => (true, "the machine is no role of the cluster"),
                ({ OwnerNode: null or "" } resource, _) => (true, $"the cluster names no owner of '{resource.Name}'"),
                ({ OwnerNode: var owner } resource, null) => (true, $"'{resource.Name}' is on {owner}; this host's name is not told"),
                ({ OwnerNode: var owner } resource, { } host) => (ComputerName.IsOf(owner, host), $"'{resource.Name}' is on {owner}, this host is {host}"),
            };
        return ReadinessCheck.Of(
            ReadinessCheckId.ClusterOwnerIsAnotherNode, passed, CheckSeverity.Blocking, observed,
            "Ask the node that owns the machine, or move the role here.");
    }

    private static ReadinessCheck BrokerThere(Told<ClusterView> cluster, VirtualMachine machine)
    {
        var (passed, observed) = WhyBrokerNotJudged(cluster, machine) is { } reason
            ? (true, reason)
            : cluster.Value! switch
            {
                { Brokers: [var broker, ..] } => (true, $"'{broker.Name}'"),
                { Machine: null } => (true, "the cluster has no replication broker, and the machine is no role of the cluster"),
                _ => (false, "the cluster has no replication broker, and the machine is a role of the cluster"),
            };
        return ReadinessCheck.Of(
            ReadinessCheckId.ClusterBrokerMissing, passed, CheckSeverity.Overridable, observed,
            "Add the Hyper-V Replica Broker role to the cluster; without it the primary side cannot send to a machine that may move.");
    }

    // The resource's own state: its group may be online while the resource has failed.
    private static ReadinessCheck BrokerOnline(Told<ClusterView> cluster, VirtualMachine machine)
    {
        var (passed, observed) = WhyBrokerNotJudged(cluster, machine) is { } reason
            ? (true, reason)
            : cluster.Value!.Brokers is [var broker, ..]
                ? (broker.State is ClusterResourceState.Online, $"'{broker.Name}' is {Numbered.Text(broker.State)} on {broker.OwnerNode ?? "no node that is told"}")
                : (true, "the cluster has no replication broker");
        return ReadinessCheck.Of(
            ReadinessCheckId.ClusterBrokerNotOnline, passed, CheckSeverity.Overridable, observed,
            "Bring the broker's resource online itself: one past its restart limit stays as it is while its group is started.");
    }

    private static string? WhyBrokerNotJudged(Told<ClusterView> cluster, VirtualMachine machine)
        => WhyNotJudged(cluster) ?? (machine.ReplicationSettings?.IsExternalProvider == true ? "the external provider needs no replication broker" : null);

    private static string? WhyNotJudged(Told<ClusterView> cluster) => cluster switch
    {
        { IsAbsent: true } => "this host is no node of a cluster",
        { WhyNot: { } reason } => $"the cluster does not tell: {reason}",
        _ => null,
    };
}
