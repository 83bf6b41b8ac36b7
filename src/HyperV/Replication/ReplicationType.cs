namespace HostAgent.HyperV.Replication;

/// <summary><c>FailedOverReplicationType</c> and <c>LastReplicationType</c> with the host's numbers.</summary>
public enum ReplicationType
{
    /// <summary>None yet.</summary>
    None = 0,

    /// <summary>Crash-consistent.</summary>
    Regular = 1,

    /// <summary>Application-consistent (VSS).</summary>
    ApplicationConsistent = 2,

    /// <summary>Of a planned failover.</summary>
    Planned = 3,
}
