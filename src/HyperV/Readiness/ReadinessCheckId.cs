namespace HostAgent.HyperV.Readiness;

/// <summary>The ids of the readiness checks, in the order in which they run. They are part of the public contract and never change.</summary>
public static class ReadinessCheckId
{
    /// <summary>Blocking: Msvm_ReplicationService does not answer.</summary>
    public const string ReplicationServiceNotAvailable = "REPLICATION_SERVICE_NOT_AVAILABLE";

    /// <summary>Blocking: the host has no machine with this GUID.</summary>
    public const string VirtualMachineNotFound = "VIRTUAL_MACHINE_NOT_FOUND";

    /// <summary>Informational: other machines of the host have the same display name.</summary>
    public const string VirtualMachineNameNotUnique = "VIRTUAL_MACHINE_NAME_NOT_UNIQUE";

    /// <summary>Blocking: the machine is not a replica.</summary>
    public const string NotAReplica = "NOT_A_REPLICA";

    /// <summary>Blocking: the primary relationship or its settings are missing.</summary>
    public const string ReplicationRelationshipMissing = "REPLICATION_RELATIONSHIP_MISSING";

    /// <summary>Blocking: the replication settings, including the machine's name, contain a character that the call's text cannot represent.</summary>
    public const string ReplicationSettingsNotWritable = "REPLICATION_SETTINGS_NOT_WRITABLE";

    /// <summary>Blocking: a failback may not start from this replication state.</summary>
    public const string ReplicationStateNotAllowed = "REPLICATION_STATE_NOT_ALLOWED";

    /// <summary>Overridable: the machine replicates on to a third host, which a failback would leave behind.</summary>
    public const string ExtendedReplicationPresent = "EXTENDED_REPLICATION_PRESENT";

    /// <summary>Blocking: the machine is not off.</summary>
    public const string VirtualMachineNotOff = "VIRTUAL_MACHINE_NOT_OFF";

    /// <summary>Blocking: the machine has a saved state.</summary>
    public const string SavedStatePresent = "SAVED_STATE_PRESENT";

    /// <summary>Blocking: the host reports the machine as busy.</summary>
    public const string VirtualMachineBusy = "VIRTUAL_MACHINE_BUSY";

    /// <summary>Overridable: the host reports work on the machine that a new request would interrupt, such as a disk merge.</summary>
    public const string VirtualMachineWorkInProgress = "VIRTUAL_MACHINE_WORK_IN_PROGRESS";

    /// <summary>Blocking: the storage of the machine's configuration is gone; it can only be turned off or deleted.</summary>
    public const string VirtualMachineStorageDegraded = "VIRTUAL_MACHINE_STORAGE_DEGRADED";

    /// <summary>Overridable: a disk of the machine is nearly full; undo disks and merges may not fit.</summary>
    public const string VirtualMachineDiskNearlyFull = "VIRTUAL_MACHINE_DISK_NEARLY_FULL";

    /// <summary>Overridable: the host reports a major or critical failure of the machine.</summary>
    public const string VirtualMachineHealthFailure = "VIRTUAL_MACHINE_HEALTH_FAILURE";

    /// <summary>Blocking: the file of a replicated disk does not exist.</summary>
    public const string VirtualHardDiskNotFound = "VIRTUAL_HARD_DISK_NOT_FOUND";

    /// <summary>Overridable: the host cannot read the file of a replicated disk, for example because a cluster shared volume is offline.</summary>
    public const string VirtualHardDiskNotReadable = "VIRTUAL_HARD_DISK_NOT_READABLE";

    /// <summary>Overridable: a replicated disk can be attached to several machines at once, so the failback would not affect this machine alone.</summary>
    public const string VirtualHardDiskShared = "VIRTUAL_HARD_DISK_SHARED";

    /// <summary>
    /// Overridable: a volume of the replicated disks has less free space than <see cref="Failback.FailbackRules.MinimumFreePart"/> of their
    /// size, or than <see cref="Failback.FailbackRules.MinimumFreeBytes"/>.
    /// </summary>
    public const string VolumeSpaceLow = "VOLUME_SPACE_LOW";

    /// <summary>Blocking: another job on the machine has not ended.</summary>
    public const string JobInProgress = "JOB_IN_PROGRESS";

    /// <summary>Overridable, or informational where it is the normal health after a failover: health is Warning.</summary>
    public const string ReplicationHealthWarning = "REPLICATION_HEALTH_WARNING";

    /// <summary>Overridable, or blocking by rule: health is Critical.</summary>
    public const string ReplicationHealthCritical = "REPLICATION_HEALTH_CRITICAL";

    /// <summary>Overridable: it is unknown when the machine last received changes. When it is known, the check reports the age.</summary>
    public const string LastReplicationTimeUnknown = "LAST_REPLICATION_TIME_UNKNOWN";

    /// <summary>Blocking: a test failover's machine exists.</summary>
    public const string TestReplicaPresent = "TEST_REPLICA_PRESENT";

    /// <summary>Informational, or overridable with an external provider: the machine has ordinary checkpoints.</summary>
    public const string CheckpointsPresent = "CHECKPOINTS_PRESENT";

    /// <summary>Blocking: no recovery point matches the request.</summary>
    public const string RecoveryPointGone = "RECOVERY_POINT_GONE";

    /// <summary>Informational: the in-box provider replicates the machine; it is not known to accept InitiateFailback.</summary>
    public const string InBoxReplicationProvider = "IN_BOX_REPLICATION_PROVIDER";

    /// <summary>Overridable: the settings name a replication provider that is not registered on the host.</summary>
    public const string ReplicationProviderNotRegistered = "REPLICATION_PROVIDER_NOT_REGISTERED";

    /// <summary>Blocking: certificate authentication is set without a thumbprint.</summary>
    public const string CertificateThumbprintMissing = "CERTIFICATE_THUMBPRINT_MISSING";

    /// <summary>Blocking: certificate authentication is set, and the host does not have the certificate.</summary>
    public const string CertificateNotOnHost = "CERTIFICATE_NOT_ON_HOST";

    /// <summary>Blocking: the certificate has expired or is not valid yet.</summary>
    public const string CertificateNotValid = "CERTIFICATE_NOT_VALID";

    /// <summary>Overridable: the certificate expires within <see cref="Failback.FailbackRules.CertificateExpiryWarning"/>.</summary>
    public const string CertificateExpiresSoon = "CERTIFICATE_EXPIRES_SOON";

    /// <summary>Blocking: the certificate is not valid for both client and server authentication.</summary>
    public const string CertificateUsageMissing = "CERTIFICATE_USAGE_MISSING";

    /// <summary>Overridable: none of the certificate's names is this host's name or the name by which the settings reach it.</summary>
    public const string CertificateNameMismatch = "CERTIFICATE_NAME_MISMATCH";

    /// <summary>Blocking: the host has the certificate without its private key. Passes when the agent does not run on the host itself, as with a simulated one.</summary>
    public const string CertificatePrivateKeyMissing = "CERTIFICATE_PRIVATE_KEY_MISSING";

    /// <summary>
    /// Overridable: the host does not trust the certificate's chain, or cannot check revocation. Passes when the agent does not run
    /// on the host itself, as with a simulated one.
    /// </summary>
    public const string CertificateNotTrusted = "CERTIFICATE_NOT_TRUSTED";

    /// <summary>Overridable: with the in-box provider, this host does not accept replication, so the primary side cannot replicate here after the failback.</summary>
    public const string ReplicaServerNotEnabled = "REPLICA_SERVER_NOT_ENABLED";

    /// <summary>Overridable: with the in-box provider, this host accepts replication, but not with the relationship's authentication.</summary>
    public const string ReplicaServerAuthenticationNotAllowed = "REPLICA_SERVER_AUTHENTICATION_NOT_ALLOWED";

    /// <summary>Overridable: with the in-box provider, no authorization entry of this host allows the primary server. On a cluster node the broker holds the entries.</summary>
    public const string ReplicaServerPrimaryNotAuthorized = "REPLICA_SERVER_PRIMARY_NOT_AUTHORIZED";

    /// <summary>Informational: the settings give the other side's IP address.</summary>
    public const string ConnectionPointIsAddress = "CONNECTION_POINT_IS_ADDRESS";

    /// <summary>
    /// Overridable: with the in-box provider, the host cannot reach the primary side. Passes without a test when the host does not offer
    /// one, the settings are incomplete, or an external provider has its own connection.
    /// </summary>
    public const string PrimaryNotReachable = "PRIMARY_NOT_REACHABLE";

    /// <summary>Blocking: the machine's cluster resource is on another node.</summary>
    public const string ClusterOwnerIsAnotherNode = "CLUSTER_OWNER_IS_ANOTHER_NODE";

    /// <summary>Overridable: with the in-box provider, the machine is a role of a cluster without a replication broker.</summary>
    public const string ClusterBrokerMissing = "CLUSTER_BROKER_MISSING";

    /// <summary>Overridable: with the in-box provider, the cluster's replication broker is not online.</summary>
    public const string ClusterBrokerNotOnline = "CLUSTER_BROKER_NOT_ONLINE";
}
