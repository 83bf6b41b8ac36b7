namespace HostAgent.HyperV.Clusters.Internal;

/// <summary>What the cluster says of replication and of one machine.</summary>
/// <param name="Brokers">The replication broker's resource; a cluster has one or none.</param>
/// <param name="Machine">The machine's resource; null when the machine is no role of the cluster.</param>
internal sealed record ClusterView(IReadOnlyList<ClusterResource> Brokers, ClusterResource? Machine);
