namespace HostAgent.HyperV.Jobs;

/// <summary>
/// <c>Msvm_ConcreteJob.JobType</c> with the host's numbers, where this product names them; other numbers are kept. Never
/// identify a job by this number alone: one Windows assembly uses 123 for a failback, the documentation says 124.
/// </summary>
public enum JobType
{
    /// <summary>The machine is being modified.</summary>
    ModifyVirtualMachine = 2,

    /// <summary>The machine is being started.</summary>
    StartVirtualMachine = 12,

    /// <summary>The machine is being turned off.</summary>
    PowerOffVirtualMachine = 13,

    /// <summary>The machine is being saved.</summary>
    SaveVirtualMachine = 14,

    /// <summary>The machine is being restored from its saved state.</summary>
    RestoreVirtualMachine = 15,

    /// <summary>The machine is being shut down.</summary>
    ShutDownVirtualMachine = 16,

    /// <summary>Disks are being merged.</summary>
    MergeDisks = 50,

    /// <summary>The machine is being exported.</summary>
    ExportVirtualMachine = 62,

    /// <summary>A checkpoint is being created.</summary>
    CreateSnapshot = 70,

    /// <summary>A checkpoint is being applied.</summary>
    ApplySnapshot = 71,

    /// <summary>A checkpoint is being deleted.</summary>
    DeleteSnapshot = 72,

    /// <summary>The replica server's settings are being changed.</summary>
    ModifyReplicationServer = 90,

    /// <summary>A relationship is being created.</summary>
    CreateReplicationRelationship = 91,

    /// <summary>A relationship's settings are being changed.</summary>
    ModifyReplicationRelationship = 92,

    /// <summary>A relationship is being removed.</summary>
    RemoveReplicationRelationship = 93,

    /// <summary>Initial replication over the network.</summary>
    StartNetworkInitialReplication = 94,

    /// <summary>Import of an initial copy.</summary>
    ImportInitialReplica = 95,

    /// <summary>The machine's replication state is being changed.</summary>
    ReplicationStateChange = 96,

    /// <summary>Failover.</summary>
    InitiateFailover = 97,

    /// <summary>A failover is being reverted.</summary>
    RevertFailover = 98,

    /// <summary>A failover is being committed.</summary>
    CommitFailover = 99,

    /// <summary>A planned failover is being prepared.</summary>
    InitiateSyncedReplication = 100,

    /// <summary>The preparation of a planned failover is being cancelled.</summary>
    CancelSyncedReplication = 101,

    /// <summary>A test failover's machine is being created.</summary>
    InitiateTestReplica = 102,

    /// <summary>A test failover's machine is being removed.</summary>
    RemoveTestReplica = 103,

    /// <summary>The replication is being reversed.</summary>
    ReverseReplication = 104,

    /// <summary>Changes are being sent.</summary>
    SendingDelta = 105,

    /// <summary>Changes are being received.</summary>
    ReceivingDelta = 106,

    /// <summary>Resynchronisation of both sides.</summary>
    Resynchronizing = 107,

    /// <summary>Received changes are being applied.</summary>
    ApplyChangeLog = 108,

    /// <summary>Initial replication is being stopped.</summary>
    StopInitialReplication = 109,

    /// <summary>A resynchronisation is being stopped.</summary>
    StopResynchronization = 110,

    /// <summary>Statistics are being collected.</summary>
    GetReplicationStatistics = 111,

    /// <summary>A consistency check is being prepared.</summary>
    PrepareConsistencyCheck = 112,

    /// <summary>A consistency check is running.</summary>
    RunConsistencyCheck = 113,

    /// <summary>A consistency check is being stopped.</summary>
    StopConsistencyCheck = 114,

    /// <summary>Connection test to a replica server.</summary>
    TestReplicationConnection = 115,

    /// <summary>The initial copy is being sent.</summary>
    SendingInitialReplica = 116,

    /// <summary>Initial replication by resynchronisation.</summary>
    StartResynchronizeInitialReplication = 117,

    /// <summary>Export of an initial copy.</summary>
    StartExportInitialReplication = 118,

    /// <summary>Statistics are being reset.</summary>
    ResetReplicationStatistics = 119,

    /// <summary>Registered changes are being applied.</summary>
    ApplyRegisteredDeltas = 120,

    /// <summary>The extended replica is being resynchronised.</summary>
    ResynchronizingExtended = 121,

    /// <summary>A test failover's configuration is being read.</summary>
    ReadTestReplicaConfiguration = 122,

    /// <summary>A replica becomes a primary; one assembly also uses this number for a failback.</summary>
    ChangeReplicationModeToPrimary = 123,

    /// <summary>Failback.</summary>
    InitiateFailback = 124,

    /// <summary>The set of replicated disks is being changed.</summary>
    UpdateDiskSet = 125,

    /// <summary>Backup.</summary>
    Backup = 170,
}
