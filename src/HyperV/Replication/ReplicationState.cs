namespace HostAgent.HyperV.Replication;

/// <summary>
/// <c>Msvm_ReplicationRelationship.ReplicationState</c> with the host's numbers (0-14 since Windows Server 2012 R2, 15-21 since
/// Windows 10 1703). A number without a name stays a number. PowerShell numbers and names most of them otherwise:
/// <see cref="PowerShellReplicationState"/>.
/// </summary>
public enum ReplicationState
{
    /// <summary>Not replicated.</summary>
    Disabled = 0,

    /// <summary>Ready for the first copy, which has not started.</summary>
    Ready = 1,

    /// <summary>Waits for the first copy to end.</summary>
    WaitingToCompleteInitialReplication = 2,

    /// <summary>Replicating: the normal state.</summary>
    Replicating = 3,

    /// <summary>Prepared for a planned failover: the last changes have been sent and the primary is locked.</summary>
    SyncedReplicationComplete = 4,

    /// <summary>Failed over; the recovery points are still kept.</summary>
    Recovered = 5,

    /// <summary>Failed over for good; the recovery points have been merged.</summary>
    Committed = 6,

    /// <summary>Paused.</summary>
    Suspended = 7,

    /// <summary>Failed; an administrator is needed.</summary>
    Critical = 8,

    /// <summary>Needs a resynchronisation.</summary>
    WaitingForStartResynchronize = 9,

    /// <summary>Resynchronising.</summary>
    Resynchronizing = 10,

    /// <summary>Resynchronisation paused.</summary>
    ResynchronizeSuspended = 11,

    /// <summary>Failing over.</summary>
    RecoveryInProgress = 12,

    /// <summary>Failing back. Also what the documentation's remarks call WaitingForFailback, which has no number of its own [inferred].</summary>
    FailbackInProgress = 13,

    /// <summary>Failed back. The documentation's remarks spell it FailbackCompleted.</summary>
    FailbackComplete = 14,

    /// <summary>The set of replicated disks is being updated.</summary>
    WaitingForUpdateCompletion = 15,

    /// <summary>Updating the set of replicated disks failed.</summary>
    UpdateCritical = 16,

    /// <summary>The host says that it does not know.</summary>
    Unknown = 17,

    /// <summary>A former primary's disks are being made those of a replica.</summary>
    WaitingForRepurposeCompletion = 18,

    /// <summary>Prepared for the synchronous replication of a group.</summary>
    PreparedForSyncReplication = 19,

    /// <summary>Prepared for the reversal of a group.</summary>
    PreparedForGroupReverseReplication = 20,

    /// <summary>A test failover of a group is going on.</summary>
    FiredrillInProgress = 21,
}
