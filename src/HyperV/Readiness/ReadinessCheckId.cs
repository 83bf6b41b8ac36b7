namespace HostAgent.HyperV.Readiness;

/// <summary>The ids of the readiness checks, in the order in which they are made. They are part of the public contract and never change.</summary>
public static class ReadinessCheckId
{
    /// <summary>Blocks: Msvm_ReplicationService does not answer.</summary>
    public const string ReplicationServiceNotAvailable = "REPLICATION_SERVICE_NOT_AVAILABLE";

    /// <summary>Blocks: the host has no machine of this GUID.</summary>
    public const string VirtualMachineNotFound = "VIRTUAL_MACHINE_NOT_FOUND";

    /// <summary>Informs: other machines of the host have the same display name.</summary>
    public const string VirtualMachineNameNotUnique = "VIRTUAL_MACHINE_NAME_NOT_UNIQUE";

    /// <summary>Blocks: the machine is not a replica.</summary>
    public const string NotAReplica = "NOT_A_REPLICA";

    /// <summary>Blocks: the primary relationship or its settings are missing.</summary>
    public const string ReplicationRelationshipMissing = "REPLICATION_RELATIONSHIP_MISSING";

    /// <summary>Blocks: the replication settings, the machine's name among them, hold a character that the text for the call cannot carry.</summary>
    public const string ReplicationSettingsNotWritable = "REPLICATION_SETTINGS_NOT_WRITABLE";

    /// <summary>Blocks: the replication state is not one that a failback may start from.</summary>
    public const string ReplicationStateNotAllowed = "REPLICATION_STATE_NOT_ALLOWED";

    /// <summary>Asks: the machine replicates on to a third host, which a failback would leave behind.</summary>
    public const string ExtendedReplicationPresent = "EXTENDED_REPLICATION_PRESENT";

    /// <summary>Blocks: the machine is not off.</summary>
    public const string VirtualMachineNotOff = "VIRTUAL_MACHINE_NOT_OFF";

    /// <summary>Blocks: the machine's memory is kept on disk.</summary>
    public const string SavedStatePresent = "SAVED_STATE_PRESENT";

    /// <summary>Blocks: the host says that it is busy with the machine.</summary>
    public const string VirtualMachineBusy = "VIRTUAL_MACHINE_BUSY";

    /// <summary>Asks: the host names work on the machine that a new request would interrupt, such as a disk merge.</summary>
    public const string VirtualMachineWorkInProgress = "VIRTUAL_MACHINE_WORK_IN_PROGRESS";

    /// <summary>Blocks: the storage of the machine's configuration is gone, so that it can only be turned off or deleted.</summary>
    public const string VirtualMachineStorageDegraded = "VIRTUAL_MACHINE_STORAGE_DEGRADED";

    /// <summary>Asks: a disk of the machine is nearly full, so that undo disks and merges may not fit.</summary>
    public const string VirtualMachineDiskNearlyFull = "VIRTUAL_MACHINE_DISK_NEARLY_FULL";

    /// <summary>Asks: the host reports a major or critical failure of the machine.</summary>
    public const string VirtualMachineHealthFailure = "VIRTUAL_MACHINE_HEALTH_FAILURE";

    /// <summary>Blocks: the file of a replicated disk is not there.</summary>
    public const string VirtualHardDiskNotFound = "VIRTUAL_HARD_DISK_NOT_FOUND";

    /// <summary>Asks: the host cannot read the file of a replicated disk, as when a cluster shared volume is not online.</summary>
    public const string VirtualHardDiskNotReadable = "VIRTUAL_HARD_DISK_NOT_READABLE";

    /// <summary>Asks: a replicated disk may be attached to several machines at once, and is then not the failback's alone.</summary>
    public const string VirtualHardDiskShared = "VIRTUAL_HARD_DISK_SHARED";

    /// <summary>
    /// Asks: a volume of the replicated disks has less room than <see cref="Failback.FailbackRules.MinimumFreePart"/> of their size, or than
    /// <see cref="Failback.FailbackRules.MinimumFreeBytes"/>.
    /// </summary>
    public const string VolumeSpaceLow = "VOLUME_SPACE_LOW";

    /// <summary>Blocks: another job on the machine has not ended.</summary>
    public const string JobInProgress = "JOB_IN_PROGRESS";

    /// <summary>Asks, or informs where it is the normal health after a failover: health is Warning.</summary>
    public const string ReplicationHealthWarning = "REPLICATION_HEALTH_WARNING";

    /// <summary>Asks, or blocks by rule: health is Critical.</summary>
    public const string ReplicationHealthCritical = "REPLICATION_HEALTH_CRITICAL";

    /// <summary>Asks: it is not known when the machine last received changes. When it is, the age is told.</summary>
    public const string LastReplicationTimeUnknown = "LAST_REPLICATION_TIME_UNKNOWN";

    /// <summary>Blocks: a test failover's machine exists.</summary>
    public const string TestReplicaPresent = "TEST_REPLICA_PRESENT";

    /// <summary>Informs, or asks with an external provider: the machine has ordinary checkpoints.</summary>
    public const string CheckpointsPresent = "CHECKPOINTS_PRESENT";

    /// <summary>Blocks: no recovery point fits what was asked for.</summary>
    public const string RecoveryPointGone = "RECOVERY_POINT_GONE";

    /// <summary>Informs: the in-box provider replicates the machine, of which it is not known that it accepts InitiateFailback.</summary>
    public const string InBoxReplicationProvider = "IN_BOX_REPLICATION_PROVIDER";

    /// <summary>Asks: the settings name a replication provider that is not registered on the host.</summary>
    public const string ReplicationProviderNotRegistered = "REPLICATION_PROVIDER_NOT_REGISTERED";

    /// <summary>Blocks: certificate authentication is set without a thumbprint.</summary>
    public const string CertificateThumbprintMissing = "CERTIFICATE_THUMBPRINT_MISSING";

    /// <summary>Blocks: certificate authentication is set, and the host does not have the certificate.</summary>
    public const string CertificateNotOnHost = "CERTIFICATE_NOT_ON_HOST";

    /// <summary>Blocks: the certificate has expired, or is not valid yet.</summary>
    public const string CertificateNotValid = "CERTIFICATE_NOT_VALID";

    /// <summary>Asks: the certificate expires within <see cref="Failback.FailbackRules.CertificateExpiryWarning"/>.</summary>
    public const string CertificateExpiresSoon = "CERTIFICATE_EXPIRES_SOON";

    /// <summary>Blocks: the certificate is not for client and server authentication both.</summary>
    public const string CertificateUsageMissing = "CERTIFICATE_USAGE_MISSING";

    /// <summary>Asks: none of the certificate's names is this host's, or the one under which the settings reach it.</summary>
    public const string CertificateNameMismatch = "CERTIFICATE_NAME_MISMATCH";

    /// <summary>Blocks: the host has the certificate without its private key. Passed where the agent does not run on the host itself, as with a simulated one.</summary>
    public const string CertificatePrivateKeyMissing = "CERTIFICATE_PRIVATE_KEY_MISSING";

    /// <summary>
    /// Asks: the host does not trust the certificate's chain, or cannot find out whether it was revoked. Passed where the agent does not run
    /// on the host itself, as with a simulated one.
    /// </summary>
    public const string CertificateNotTrusted = "CERTIFICATE_NOT_TRUSTED";

    /// <summary>Asks: with the in-box provider, this host does not accept replication, so that the primary side cannot send here after the failback.</summary>
    public const string ReplicaServerNotEnabled = "REPLICA_SERVER_NOT_ENABLED";

    /// <summary>Asks: with the in-box provider, this host accepts replication, but not with the relationship's authentication.</summary>
    public const string ReplicaServerAuthenticationNotAllowed = "REPLICA_SERVER_AUTHENTICATION_NOT_ALLOWED";

    /// <summary>Asks: with the in-box provider, no authorization entry of this host lets the primary server in. A node of a cluster leaves that to its broker.</summary>
    public const string ReplicaServerPrimaryNotAuthorized = "REPLICA_SERVER_PRIMARY_NOT_AUTHORIZED";

    /// <summary>Informs: the settings name the other side by IP address.</summary>
    public const string ConnectionPointIsAddress = "CONNECTION_POINT_IS_ADDRESS";

    /// <summary>
    /// Asks: with the in-box provider, the host cannot reach the primary side. Passed without a try where the host does not offer it, the
    /// settings do not tell the connection, or an external provider has a way of its own.
    /// </summary>
    public const string PrimaryNotReachable = "PRIMARY_NOT_REACHABLE";

    /// <summary>Blocks: the machine's resource in the failover cluster is on another node.</summary>
    public const string ClusterOwnerIsAnotherNode = "CLUSTER_OWNER_IS_ANOTHER_NODE";

    /// <summary>Asks: with the in-box provider, the machine is a role of a cluster that has no replication broker.</summary>
    public const string ClusterBrokerMissing = "CLUSTER_BROKER_MISSING";

    /// <summary>Asks: with the in-box provider, the resource of the cluster's replication broker is not online.</summary>
    public const string ClusterBrokerNotOnline = "CLUSTER_BROKER_NOT_ONLINE";
}
