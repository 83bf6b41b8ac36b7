namespace HostAgent.HyperV.Clusters;

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
