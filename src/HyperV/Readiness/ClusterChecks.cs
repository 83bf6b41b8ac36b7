using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Machines;

namespace HostAgent.HyperV.Readiness;

/// <summary>Failover cluster checks. They pass on a host that is not a cluster node.</summary>
internal static class ClusterChecks
{
    public static IEnumerable<ReadinessCheck> Make(ReadinessFacts facts, VirtualMachine machine)
        => [Owner(facts), BrokerExists(facts.Cluster, machine), BrokerOnline(facts.Cluster, machine)];

    private static ReadinessCheck Owner(ReadinessFacts facts)
    {
        var (passed, observed) = WhyNotChecked(facts.Cluster) is { } reason
            ? (true, reason)
            : (facts.Cluster.Value!.Machine, facts.HostName) switch
            {
                (null, _) => (true, "the machine is not a cluster role"),
                ({ OwnerNode: null or "" } resource, _) => (true, $"the cluster reports no owner of '{resource.Name}'"),
                ({ OwnerNode: var owner } resource, null) => (true, $"'{resource.Name}' is on {owner}; this host's name is unknown"),
                ({ OwnerNode: var owner } resource, { } host) => (ComputerName.IsOf(owner, host), $"'{resource.Name}' is on {owner}, this host is {host}"),
            };
        return ReadinessCheck.Of(
            ReadinessCheckId.ClusterOwnerIsAnotherNode, passed, CheckSeverity.Blocking, observed,
            "Run the failback on the node that owns the machine, or move the role here.");
    }

    private static ReadinessCheck BrokerExists(Reading<ClusterView> cluster, VirtualMachine machine)
    {
        var (passed, observed) = WhyBrokerNotChecked(cluster, machine) is { } reason
            ? (true, reason)
            : cluster.Value! switch
            {
                { Brokers: [var broker, ..] } => (true, $"'{broker.Name}'"),
                { Machine: null } => (true, "the cluster has no replication broker, and the machine is not a cluster role"),
                _ => (false, "the cluster has no replication broker, and the machine is a cluster role"),
            };
        return ReadinessCheck.Of(
            ReadinessCheckId.ClusterBrokerMissing, passed, CheckSeverity.Overridable, observed,
            "Add the Hyper-V Replica Broker role to the cluster; without it the primary side cannot replicate to a machine that may move.");
    }

    // The resource's own state: its group may be online while the resource has failed.
    private static ReadinessCheck BrokerOnline(Reading<ClusterView> cluster, VirtualMachine machine)
    {
        var (passed, observed) = WhyBrokerNotChecked(cluster, machine) is { } reason
            ? (true, reason)
            : cluster.Value!.Brokers is [var broker, ..]
                ? (broker.State is ClusterResourceState.Online, $"'{broker.Name}' is {Numbered.Text(broker.State)} on {broker.OwnerNode ?? "an unknown node"}")
                : (true, "the cluster has no replication broker");
        return ReadinessCheck.Of(
            ReadinessCheckId.ClusterBrokerNotOnline, passed, CheckSeverity.Overridable, observed,
            "Bring the broker's resource itself online: past its restart limit, it is not started with its group.");
    }

    private static string? WhyBrokerNotChecked(Reading<ClusterView> cluster, VirtualMachine machine)
        => WhyNotChecked(cluster) ?? (machine.ReplicationSettings?.IsExternalProvider == true ? "the external provider needs no replication broker" : null);

    private static string? WhyNotChecked(Reading<ClusterView> cluster) => cluster switch
    {
        { IsAbsent: true } => "this host is not a cluster node",
        { WhyNot: { } reason } => $"the cluster could not be read: {reason}",
        _ => null,
    };
}
