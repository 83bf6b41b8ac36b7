namespace HostAgent.HyperV.Jobs;

/// <summary>
/// <c>Msvm_ConcreteJob.JobType</c> with the host's numbers, as far as this product names them; any other stays a number. A job is
/// never recognised by this number alone: one Windows assembly holds 123 for a failback where the documentation says 124.
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

    /// <summary>A checkpoint is being made.</summary>
    CreateSnapshot = 70,

    /// <summary>A checkpoint is being applied.</summary>
    ApplySnapshot = 71,

    /// <summary>A checkpoint is being deleted.</summary>
    DeleteSnapshot = 72,

    /// <summary>The replica server's settings are changed.</summary>
    ModifyReplicationServer = 90,

    /// <summary>A relationship is made.</summary>
    CreateReplicationRelationship = 91,

    /// <summary>A relationship's settings are changed.</summary>
    ModifyReplicationRelationship = 92,

    /// <summary>A relationship is removed.</summary>
    RemoveReplicationRelationship = 93,

    /// <summary>The first copy is sent over the network.</summary>
    StartNetworkInitialReplication = 94,

    /// <summary>The first copy is imported.</summary>
    ImportInitialReplica = 95,

    /// <summary>The replication of the machine is changed in state.</summary>
    ReplicationStateChange = 96,

    /// <summary>The machine is failed over.</summary>
    InitiateFailover = 97,

    /// <summary>A failover is taken back.</summary>
    RevertFailover = 98,

    /// <summary>A failover is committed.</summary>
    CommitFailover = 99,

    /// <summary>A planned failover is prepared.</summary>
    InitiateSyncedReplication = 100,

    /// <summary>A planned failover's preparation is taken back.</summary>
    CancelSyncedReplication = 101,

    /// <summary>A test failover's machine is made.</summary>
    InitiateTestReplica = 102,

    /// <summary>A test failover's machine is removed.</summary>
    RemoveTestReplica = 103,

    /// <summary>The replication is reversed.</summary>
    ReverseReplication = 104,

    /// <summary>Changes are sent.</summary>
    SendingDelta = 105,

    /// <summary>Changes are received.</summary>
    ReceivingDelta = 106,

    /// <summary>Both sides are compared and made equal.</summary>
    Resynchronizing = 107,

    /// <summary>Received changes are applied.</summary>
    ApplyChangeLog = 108,

    /// <summary>The first copy is stopped.</summary>
    StopInitialReplication = 109,

    /// <summary>A resynchronisation is stopped.</summary>
    StopResynchronization = 110,

    /// <summary>Statistics are gathered.</summary>
    GetReplicationStatistics = 111,

    /// <summary>A consistency check is prepared.</summary>
    PrepareConsistencyCheck = 112,

    /// <summary>A consistency check runs.</summary>
    RunConsistencyCheck = 113,

    /// <summary>A consistency check is stopped.</summary>
    StopConsistencyCheck = 114,

    /// <summary>A connection to a replica server is tried.</summary>
    TestReplicationConnection = 115,

    /// <summary>The first copy is sent.</summary>
    SendingInitialReplica = 116,

    /// <summary>A first copy by resynchronisation is started.</summary>
    StartResynchronizeInitialReplication = 117,

    /// <summary>A first copy is exported.</summary>
    StartExportInitialReplication = 118,

    /// <summary>Statistics are begun anew.</summary>
    ResetReplicationStatistics = 119,

    /// <summary>Registered changes are applied.</summary>
    ApplyRegisteredDeltas = 120,

    /// <summary>The extended replica is resynchronised.</summary>
    ResynchronizingExtended = 121,

    /// <summary>A test failover's configuration is read.</summary>
    ReadTestReplicaConfiguration = 122,

    /// <summary>A replica becomes a primary; also the number that one assembly holds for a failback.</summary>
    ChangeReplicationModeToPrimary = 123,

    /// <summary>The machine is failed back.</summary>
    InitiateFailback = 124,

    /// <summary>The set of replicated disks is changed.</summary>
    UpdateDiskSet = 125,

    /// <summary>The machine is backed up.</summary>
    Backup = 170,
}
