namespace HostAgent.HyperV.HomeReadiness;

/// <summary>
/// The ids of the checks before a return between two hosts, in the order in which they run. RECOVERY is the side that the machine runs at, HOME the one
/// that it returns to. They are part of the public contract and never change.
/// </summary>
public static class HomeCheckId
{
    /// <summary>Blocking from five minutes on, where Kerberos ends; overridable from a minute on: the two hosts' clocks differ.</summary>
    public const string ClocksApart = "CLOCKS_APART";

    /// <summary>Blocking: home does not accept replication, so that the reversal is refused.</summary>
    public const string HomeReplicaServerNotEnabled = "HOME_REPLICA_SERVER_NOT_ENABLED";

    /// <summary>Blocking: home does not accept the relationship's authentication.</summary>
    public const string HomeAuthenticationNotAllowed = "HOME_AUTHENTICATION_NOT_ALLOWED";

    /// <summary>Overridable: the recovery side was tested against another port than home listens on; right only where a port is mapped between them.</summary>
    public const string HomePortDiffers = "HOME_PORT_DIFFERS";

    /// <summary>Blocking: no authorization entry of home is for the recovery side, which in a cluster means its broker.</summary>
    public const string HomeDoesNotAuthorizeRecovery = "HOME_DOES_NOT_AUTHORIZE_RECOVERY";

    /// <summary>Blocking: the recovery side cannot connect to home.</summary>
    public const string HomeNotReachable = "HOME_NOT_REACHABLE";

    /// <summary>Blocking: home is a cluster, and its replication broker is missing or not online.</summary>
    public const string HomeBrokerNotOnline = "HOME_BROKER_NOT_ONLINE";

    /// <summary>Overridable: the recovery side does not accept replication; the machine is unprotected once it is home.</summary>
    public const string RecoveryReplicaServerNotEnabled = "RECOVERY_REPLICA_SERVER_NOT_ENABLED";

    /// <summary>Overridable: no authorization entry of the recovery side is for home; the machine is unprotected once it is home.</summary>
    public const string RecoveryDoesNotAuthorizeHome = "RECOVERY_DOES_NOT_AUTHORIZE_HOME";

    /// <summary>Overridable: home cannot connect to the recovery side; the machine is unprotected once it is home.</summary>
    public const string RecoveryNotReachable = "RECOVERY_NOT_REACHABLE";

    /// <summary>Overridable: the recovery side is a cluster, and its replication broker is missing or not online; the machine is unprotected once it is home.</summary>
    public const string RecoveryBrokerNotOnline = "RECOVERY_BROKER_NOT_ONLINE";

    /// <summary>Blocking: the certificate of the recovery side is missing or not valid.</summary>
    public const string RecoveryCertificateNotValid = "RECOVERY_CERTIFICATE_NOT_VALID";

    /// <summary>Overridable: it expires within 30 days.</summary>
    public const string RecoveryCertificateExpiresSoon = "RECOVERY_CERTIFICATE_EXPIRES_SOON";

    /// <summary>Blocking: the certificate of home is missing or not valid.</summary>
    public const string HomeCertificateNotValid = "HOME_CERTIFICATE_NOT_VALID";

    /// <summary>Overridable: it expires within 30 days.</summary>
    public const string HomeCertificateExpiresSoon = "HOME_CERTIFICATE_EXPIRES_SOON";

    /// <summary>Blocking: home cannot run the machine's configuration version, and no version can be lowered.</summary>
    public const string ConfigurationVersionNotSupported = "CONFIGURATION_VERSION_NOT_SUPPORTED";

    /// <summary>Blocking: the two copies are of different generations.</summary>
    public const string GenerationDiffers = "GENERATION_DIFFERS";

    /// <summary>Overridable: secure boot or its template differs, and the guest may not boot.</summary>
    public const string SecureBootDiffers = "SECURE_BOOT_DIFFERS";

    /// <summary>Overridable: the machine has a virtual TPM; no host shows whether home has the certificates that open it.</summary>
    public const string VirtualTpmPresent = "VIRTUAL_TPM_PRESENT";

    /// <summary>Overridable: the machine is shielded; no host shows whether home may run it.</summary>
    public const string ShieldedMachine = "SHIELDED_MACHINE";

    /// <summary>Overridable: home has less free memory than the machine needs to start.</summary>
    public const string HomeMemoryLow = "HOME_MEMORY_LOW";

    /// <summary>Blocking: the machine uses disks that replication leaves out: pass-through, or by Fibre Channel.</summary>
    public const string UnreplicatedDiskPresent = "UNREPLICATED_DISK_PRESENT";

    /// <summary>Overridable: the machine uses a device of its host, which home may lack.</summary>
    public const string HostDevicePresent = "HOST_DEVICE_PRESENT";

    /// <summary>Overridable: a host works on the machine: a backup, an export, a migration, a checkpoint. The switch waits for it, or is refused in the outage.</summary>
    public const string MachineOperationInProgress = "MACHINE_OPERATION_IN_PROGRESS";

    /// <summary>Blocking: a disk is shared between machines.</summary>
    public const string SharedDiskPresent = "SHARED_DISK_PRESENT";

    /// <summary>Overridable: replication leaves out a disk; what home has of it is old.</summary>
    public const string DiskNotReplicated = "DISK_NOT_REPLICATED";

    /// <summary>Blocking: a replicated disk is missing in home's copy, or home's copy has one more.</summary>
    public const string DiskSetDiffers = "DISK_SET_DIFFERS";

    /// <summary>Blocking: a disk has another size at home; a resynchronization compares the sizes first.</summary>
    public const string DiskSizeDiffers = "DISK_SIZE_DIFFERS";

    /// <summary>Blocking: a side's disks form a chain, or are being merged; a failover that is not committed is no such case.</summary>
    public const string DiskMergePending = "DISK_MERGE_PENDING";

    /// <summary>Overridable: a side has ordinary checkpoints. Those of home are lost when it becomes a replica.</summary>
    public const string OrdinaryCheckpointsPresent = "ORDINARY_CHECKPOINTS_PRESENT";

    /// <summary>Overridable: a volume at home has too little space for difference disks and logs.</summary>
    public const string HomeVolumeSpaceLow = "HOME_VOLUME_SPACE_LOW";

    /// <summary>Overridable: a volume of the recovery side has too little space for its logs.</summary>
    public const string RecoveryVolumeSpaceLow = "RECOVERY_VOLUME_SPACE_LOW";

    /// <summary>Overridable: disks of home's copy are on a file share; no host shows whether its management service may write there.</summary>
    public const string HomeDiskOnShare = "HOME_DISK_ON_SHARE";

    /// <summary>Overridable: an ISO image or a floppy disk is mounted; where the file is missing the machine does not start.</summary>
    public const string MediaMounted = "MEDIA_MOUNTED";

    /// <summary>Overridable: an adapter is missing in home's copy, or not connected to a switch there.</summary>
    public const string HomeAdapterNotConnected = "HOME_ADAPTER_NOT_CONNECTED";

    /// <summary>Overridable: VLAN, access control or SR-IOV of an adapter differs.</summary>
    public const string AdapterSettingsDiffer = "ADAPTER_SETTINGS_DIFFER";

    /// <summary>Overridable: an adapter needs a feature of its switch.</summary>
    public const string AdapterFeatureRequired = "ADAPTER_FEATURE_REQUIRED";

    /// <summary>Overridable: an adapter's dynamic MAC address is outside home's range, so it changes when the machine starts.</summary>
    public const string DynamicMacAddressChanges = "DYNAMIC_MAC_ADDRESS_CHANGES";

    /// <summary>Informational: the two hosts give out dynamic MAC addresses from overlapping ranges.</summary>
    public const string MacAddressRangesOverlap = "MAC_ADDRESS_RANGES_OVERLAP";

    /// <summary>Overridable: addresses are set for a failover, and the guest has no service that takes them.</summary>
    public const string FailoverAddressNotTaken = "FAILOVER_ADDRESS_NOT_TAKEN";

    /// <summary>Overridable: the guest cannot be asked to shut down, so the outage begins with turning it off.</summary>
    public const string GuestShutdownNotAvailable = "GUEST_SHUTDOWN_NOT_AVAILABLE";

    /// <summary>Informational: the recovery side saves the machine when its host shuts down; a saved machine cannot be prepared for a failover.</summary>
    public const string SavedAtHostShutdown = "SAVED_AT_HOST_SHUTDOWN";

    /// <summary>Informational: interval, recovery points or memory differ between the sides; the machine gets home's values.</summary>
    public const string SettingsDiffer = "SETTINGS_DIFFER";
}
