using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Clusters;

/// <summary>A resource of the failover cluster (<c>MSCluster_Resource</c>).</summary>
/// <param name="Name">Its name, unique in the cluster.</param>
/// <param name="Type">What kind of resource it is.</param>
/// <param name="State">The resource's own state. Its group may be online while the resource has failed.</param>
/// <param name="OwnerNode">The node that has it now; null when the cluster does not tell.</param>
/// <param name="VirtualMachine">The machine that it is the resource of; null for resources of other types.</param>
public sealed record ClusterResource(string Name, string? Type, ClusterResourceState State, string? OwnerNode, VirtualMachineId? VirtualMachine);

/// <summary>The state of a cluster resource, with the cluster's numbers (CLUSTER_RESOURCE_STATE).</summary>
public enum ClusterResourceState
{
    /// <summary>Could not be told.</summary>
    Unknown = -1,

    /// <summary>Inherited.</summary>
    Inherited = 0,

    /// <summary>Being initialised.</summary>
    Initializing = 1,

    /// <summary>Works.</summary>
    Online = 2,

    /// <summary>Does not work, by decision.</summary>
    Offline = 3,

    /// <summary>Has failed. One past its restart limit stays so until it is started itself.</summary>
    Failed = 4,

    /// <summary>Coming online or going offline.</summary>
    Pending = 128,

    /// <summary>Coming online.</summary>
    OnlinePending = 129,

    /// <summary>Going offline.</summary>
    OfflinePending = 130,
}

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
