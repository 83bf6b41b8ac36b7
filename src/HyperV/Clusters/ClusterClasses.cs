namespace HostAgent.HyperV.Clusters;

/// <summary>What this product asks of the failover cluster's namespace.</summary>
public static class ClusterClasses
{
    /// <summary>The namespace; only nodes of a cluster have it.</summary>
    public const string Namespace = @"root\MSCluster";

    /// <summary>Resources of the cluster, whichever node owns them. Every node tells all.</summary>
    public const string Resource = "MSCluster_Resource";

    /// <summary>The <c>Type</c> of a virtual machine's resource. Its private property <c>VmID</c> is the machine's GUID.</summary>
    public const string VirtualMachineType = "Virtual Machine";

    /// <summary>The <c>Type</c> of the replication broker's resource.</summary>
    public const string ReplicationBrokerType = "Virtual Machine Replication Broker";

    /// <summary>The property of an embedded instance that is a machine's GUID, as a filter names it.</summary>
    public const string VirtualMachineId = "PrivateProperties.VmID";
}
