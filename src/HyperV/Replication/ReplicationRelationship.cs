using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Replication;

/// <summary>One <c>Msvm_ReplicationRelationship</c> of a machine.</summary>
public sealed record ReplicationRelationship
{
    /// <summary>Where the relationship lives in the namespace; null when the session did not say.</summary>
    public CimObjectPath? Path { get; init; }

    /// <summary>Machine and kind of relationship.</summary>
    public required ReplicationInstanceId InstanceId { get; init; }

    /// <summary>The replication state.</summary>
    public required ReplicationState State { get; init; }

    /// <summary>The replication health.</summary>
    public required ReplicationHealth Health { get; init; }

    /// <summary>What kind of point the machine failed over to.</summary>
    public ReplicationType FailedOverReplicationType { get; init; }

    /// <summary>What kind of replica was received last.</summary>
    public ReplicationType LastReplicationType { get; init; }

    /// <summary>When changes were last received on the recovery side; null when never.</summary>
    public DateTimeOffset? LastReplicationTime { get; init; }

    /// <summary>When an application-consistent replica was last received; null when never.</summary>
    public DateTimeOffset? LastApplicationConsistentReplicationTime { get; init; }

    /// <summary>When changes were last applied on the recovery side, which happens after they were received; null when never.</summary>
    public DateTimeOffset? LastApplyTime { get; init; }
}
