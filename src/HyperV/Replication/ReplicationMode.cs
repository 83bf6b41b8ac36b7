namespace HostAgent.HyperV.Replication;

/// <summary><c>Msvm_ComputerSystem.ReplicationMode</c> with the host's numbers. A number without a name stays a number.</summary>
public enum ReplicationMode
{
    /// <summary>Not replicated.</summary>
    None = 0,

    /// <summary>Its changes are sent away.</summary>
    Primary = 1,

    /// <summary>Receives a primary's changes: the recovery machine, the one that a failback is started on.</summary>
    Replica = 2,

    /// <summary>A test failover's machine.</summary>
    TestReplica = 3,

    /// <summary>Receives a replica's changes.</summary>
    ExtendedReplica = 4,
}
