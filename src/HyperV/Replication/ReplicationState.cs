namespace HostAgent.HyperV.Replication;

/// <summary>
/// <c>Msvm_ReplicationRelationship.ReplicationState</c> with the host's numbers (0-14 since Windows Server 2012 R2, 15-21 since
/// Windows 10 1703). Unnamed numbers are kept. PowerShell uses different numbers and names for most of them:
/// <see cref="PowerShellReplicationState"/>.
/// </summary>
public enum ReplicationState
{
    /// <summary>Not replicated.</summary>
    Disabled = 0,

    /// <summary>Ready for initial replication, which has not started.</summary>
    Ready = 1,

    /// <summary>Waiting for initial replication to complete.</summary>
    WaitingToCompleteInitialReplication = 2,

    /// <summary>Replicating: the normal state.</summary>
    Replicating = 3,

    /// <summary>Prepared for a planned failover: the last changes have been sent and the primary is locked.</summary>
    SyncedReplicationComplete = 4,

    /// <summary>Failed over; the recovery points are still there.</summary>
    Recovered = 5,

    /// <summary>Failover committed; the recovery points have been merged.</summary>
    Committed = 6,

    /// <summary>Paused.</summary>
    Suspended = 7,

    /// <summary>Failed; needs an administrator.</summary>
    Critical = 8,

    /// <summary>Needs a resynchronisation.</summary>
    WaitingForStartResynchronize = 9,

    /// <summary>Resynchronising.</summary>
    Resynchronizing = 10,

    /// <summary>Resynchronisation paused.</summary>
    ResynchronizeSuspended = 11,

    /// <summary>Failing over.</summary>
    RecoveryInProgress = 12,

    /// <summary>Failing back. Also the WaitingForFailback of the documentation's remarks, which has no number of its own [inferred].</summary>
    FailbackInProgress = 13,

    /// <summary>Failed back. The documentation's remarks spell it FailbackCompleted.</summary>
    FailbackComplete = 14,

    /// <summary>The set of replicated disks is being updated.</summary>
    WaitingForUpdateCompletion = 15,

    /// <summary>Updating the set of replicated disks failed.</summary>
    UpdateCritical = 16,

    /// <summary>The host reports an unknown state.</summary>
    Unknown = 17,

    /// <summary>A former primary's disks are being converted to a replica's.</summary>
    WaitingForRepurposeCompletion = 18,

    /// <summary>Prepared for synchronous group replication.</summary>
    PreparedForSyncReplication = 19,

    /// <summary>Prepared for group reverse replication.</summary>
    PreparedForGroupReverseReplication = 20,

    /// <summary>A group test failover is in progress.</summary>
    FiredrillInProgress = 21,
}
