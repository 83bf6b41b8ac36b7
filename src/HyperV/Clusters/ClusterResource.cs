using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Clusters;

/// <summary>A resource of the failover cluster (<c>MSCluster_Resource</c>).</summary>
/// <param name="Name">Its name, unique in the cluster.</param>
/// <param name="Type">What kind of resource it is.</param>
/// <param name="State">The resource's own state. Its group may be online while the resource has failed.</param>
/// <param name="OwnerNode">The current owner node; null when the cluster does not report it.</param>
/// <param name="VirtualMachine">The machine it belongs to; null for resources of other types.</param>
public sealed record ClusterResource(string Name, string? Type, ClusterResourceState State, string? OwnerNode, VirtualMachineId? VirtualMachine);

/// <summary>The state of a cluster resource, with the cluster's numbers (CLUSTER_RESOURCE_STATE).</summary>
public enum ClusterResourceState
{
    /// <summary>Unknown.</summary>
    Unknown = -1,

    /// <summary>Inherited.</summary>
    Inherited = 0,

    /// <summary>Being initialised.</summary>
    Initializing = 1,

    /// <summary>Online.</summary>
    Online = 2,

    /// <summary>Taken offline.</summary>
    Offline = 3,

    /// <summary>Failed. Past its restart limit it stays failed until it is started explicitly.</summary>
    Failed = 4,

    /// <summary>Coming online or going offline.</summary>
    Pending = 128,

    /// <summary>Coming online.</summary>
    OnlinePending = 129,

    /// <summary>Going offline.</summary>
    OfflinePending = 130,
}

/// <summary>The failover cluster classes this product uses.</summary>
public static class ClusterClasses
{
    /// <summary>The namespace; it exists on cluster nodes only.</summary>
    public const string Namespace = @"root\MSCluster";

    /// <summary>Cluster resources. Every node lists all of them, whichever node owns them.</summary>
    public const string Resource = "MSCluster_Resource";

    /// <summary>The <c>Type</c> of a virtual machine's resource. Its private property <c>VmID</c> is the machine's GUID.</summary>
    public const string VirtualMachineType = "Virtual Machine";

    /// <summary>The <c>Type</c> of the replication broker's resource.</summary>
    public const string ReplicationBrokerType = "Virtual Machine Replication Broker";

    /// <summary>The filter property for a machine's GUID; it is in an embedded instance.</summary>
    public const string VirtualMachineId = "PrivateProperties.VmID";
}
