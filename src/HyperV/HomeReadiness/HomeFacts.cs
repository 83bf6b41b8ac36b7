using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>
/// What one host, the recovery side or home, tells about itself and about one machine before the machine returns between two hosts. Flat and
/// bounded, so that it can be sent. Null means that the host did not show it; <see cref="Unread"/> says why. Lists hold at most <see cref="MostItems"/> items.
/// </summary>
public sealed record HomeFacts
{
    /// <summary>The most items of each list; what is beyond is left out and named in <see cref="Unread"/>.</summary>
    public const int MostItems = 300;

    /// <summary>The machine that was asked for.</summary>
    public required VirtualMachineId Id { get; init; }

    /// <summary>The time at the host when the reading ended.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>The host's NetBIOS name (<c>Msvm_ReplicationService.SystemName</c>).</summary>
    public string? HostName { get; init; }

    /// <summary>Whether the host is a node of a failover cluster.</summary>
    public bool? IsClusterNode { get; init; }

    /// <summary>Whether the cluster's replication broker is online; null also without a cluster.</summary>
    public bool? BrokerOnline { get; init; }

    /// <summary>The host as a replica server.</summary>
    public ReplicaServer? ReplicaServer { get; init; }

    /// <summary>The servers that may replicate to the host; on a node of a cluster the broker has them, and the list proves nothing.</summary>
    public IReadOnlyList<string>? AllowedPrimaries { get; init; }

    /// <summary>
    /// The configuration versions that the host can run: the <c>Version</c> of each <c>Msvm_VirtualSystemSettingData</c> that
    /// <c>Msvm_SettingsDefineCapabilities</c> associates with <c>Msvm_VirtualSystemManagementCapabilities</c> [code].
    /// </summary>
    public IReadOnlyList<string>? SupportedVersions { get; init; }

    /// <summary>The first address that the host gives to adapters with a dynamic MAC address (<c>Msvm_VirtualSystemManagementServiceSettingData</c>) [doc].</summary>
    public string? MinimumMacAddress { get; init; }

    /// <summary>The last one.</summary>
    public string? MaximumMacAddress { get; init; }

    /// <summary>Free memory (<c>Win32_OperatingSystem.FreePhysicalMemory</c>) [doc].</summary>
    public long? FreeMemoryBytes { get; init; }

    /// <summary>Names of the host's switches (<c>Msvm_VirtualEthernetSwitch</c>) [doc].</summary>
    public IReadOnlyList<string>? Switches { get; init; }

    /// <summary>The volumes.</summary>
    public IReadOnlyList<Volume>? Volumes { get; init; }

    /// <summary>The host's own test of the connection to the other side; null when none was made.</summary>
    public HomeConnection? Connection { get; init; }

    /// <summary>The certificates that the machine's settings and the replica server name.</summary>
    public IReadOnlyList<HomeCertificate>? Certificates { get; init; }

    /// <summary>The machine; null when the host does not have it.</summary>
    public HomeMachine? Machine { get; init; }

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<UnreadFact> Unread { get; init; } = [];
}

/// <summary>A fact that a host did not show.</summary>
/// <param name="Subject">A name of <see cref="HomeSubject"/>.</param>
/// <param name="Why">Why, as text.</param>
public sealed record UnreadFact(string Subject, string Why);

/// <summary>The result of <c>TestReplicationConnection</c>.</summary>
/// <param name="Target">What was tested, <c>name:port</c>.</param>
/// <param name="Port">Its port.</param>
/// <param name="Reached">Whether the host connected; null when there was no result in time.</param>
/// <param name="Observed">The answer as text.</param>
public sealed record HomeConnection(string Target, int Port, bool? Reached, string Observed);

/// <summary>A certificate that replication names.</summary>
/// <param name="Thumbprint">Its thumbprint in upper-case hexadecimal.</param>
/// <param name="Subject">The subject; null when the host does not have it.</param>
/// <param name="NotBefore">Start of its validity; null when the host does not have it.</param>
/// <param name="NotAfter">End of its validity; null when the host does not have it.</param>
public sealed record HomeCertificate(string Thumbprint, string? Subject, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter);

/// <summary>One machine as its host shows it. Settings are those of <c>Msvm_VirtualSystemSettingData</c> [doc] unless another class is named.</summary>
public sealed record HomeMachine
{
    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it runs.</summary>
    public required EnabledState EnabledState { get; init; }

    /// <summary>The work in progress.</summary>
    public OperationalStatus? OperationInProgress { get; init; }

    /// <summary>Its replication mode.</summary>
    public required ReplicationMode Mode { get; init; }

    /// <summary>Its replication state.</summary>
    public required ReplicationState State { get; init; }

    /// <summary>Its replication settings; null when it is not replicated.</summary>
    public HomeReplication? Replication { get; init; }

    /// <summary>The configuration version, for example <c>10.0</c>.</summary>
    public string? Version { get; init; }

    /// <summary><c>VirtualSystemSubType</c>, which ends in the generation, 1 or 2.</summary>
    public string? Generation { get; init; }

    /// <summary>Whether secure boot is on.</summary>
    public bool? SecureBootEnabled { get; init; }

    /// <summary>The secure boot template's GUID.</summary>
    public string? SecureBootTemplate { get; init; }

    /// <summary><c>AutomaticShutdownAction</c>: 2 turn off, 3 save, 4 shut down [doc].</summary>
    public int? ShutdownAction { get; init; }

    /// <summary>Whether it has a virtual TPM (<c>Msvm_SecuritySettingData.TpmEnabled</c>) [doc].</summary>
    public bool? TpmEnabled { get; init; }

    /// <summary>Whether it is shielded (<c>Msvm_SecuritySettingData.ShieldingRequested</c>) [doc].</summary>
    public bool? Shielded { get; init; }

    /// <summary>Memory that it needs to start (<c>Msvm_MemorySettingData.VirtualQuantity</c>, in MB) [doc].</summary>
    public long? StartupMemoryBytes { get; init; }

    /// <summary>Whether its memory is dynamic (<c>Msvm_MemorySettingData.DynamicMemoryEnabled</c>) [doc].</summary>
    public bool? DynamicMemory { get; init; }

    /// <summary>The network adapters.</summary>
    public IReadOnlyList<HomeAdapter>? Adapters { get; init; }

    /// <summary>The virtual hard disks.</summary>
    public IReadOnlyList<HomeDisk>? Disks { get; init; }

    /// <summary>Paths of mounted ISO images and virtual floppy disks.</summary>
    public IReadOnlyList<string>? MountedMedia { get; init; }

    /// <summary>Devices of the host that it uses.</summary>
    public IReadOnlyList<HomeDevice>? Devices { get; init; }

    /// <summary>Names of its ordinary checkpoints.</summary>
    public IReadOnlyList<string>? Checkpoints { get; init; }

    /// <summary><c>Msvm_ShutdownComponent.OperationalStatus[0]</c>: 2 is OK; 0 when the machine has no such component; null while it does not run or when not shown.</summary>
    public int? ShutdownService { get; init; }

    /// <summary>The same of <c>Msvm_KvpExchangeComponent</c>, by which a guest takes its addresses after a failover.</summary>
    public int? DataExchangeService { get; init; }
}

/// <summary>The replication settings that a return depends on, as one side has them.</summary>
public sealed record HomeReplication
{
    /// <summary>Whether another provider than the in-box one replicates.</summary>
    public bool? IsExternal { get; init; }

    /// <summary>How the two sides authenticate.</summary>
    public AuthenticationType? Authentication { get; init; }

    /// <summary>Thumbprint of this side's certificate.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Name of this side's host.</summary>
    public string? OwnHost { get; init; }

    /// <summary>Name by which this side is reached; the broker's in a cluster.</summary>
    public string? OwnConnectionPoint { get; init; }

    /// <summary>The same of the other side.</summary>
    public string? PeerHost { get; init; }

    /// <summary>The same of the other side.</summary>
    public string? PeerConnectionPoint { get; init; }

    /// <summary>The interval in seconds.</summary>
    public int? Interval { get; init; }

    /// <summary>How many recovery points are kept.</summary>
    public int? RecoveryHistory { get; init; }

    /// <summary>Hours between application-consistent points; 0 for none.</summary>
    public int? ApplicationConsistentInterval { get; init; }
}

/// <summary>A network adapter with its port.</summary>
public sealed record HomeAdapter
{
    /// <summary>The key of the adapter's settings, which both sides share; adapters are matched by it and not by name or order.</summary>
    public required string Id { get; init; }

    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary>The MAC address, twelve hexadecimal digits.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Whether the address is static.</summary>
    public bool? StaticMacAddress { get; init; }

    /// <summary>The switch that the port is connected to; null when it is not, or the switch is not known to the host.</summary>
    public string? Switch { get; init; }

    /// <summary>The VLAN setting as text, for example <c>access 12</c>; null without one.</summary>
    public string? Vlan { get; init; }

    /// <summary>How many access control entries the port has; null when not known.</summary>
    public int? AccessControls { get; init; }

    /// <summary>The weight of SR-IOV; 0 for off; null when not known.</summary>
    public int? IovWeight { get; init; }

    /// <summary>Names of the features that a switch must offer for the port (<c>RequiredFeatureHints</c>) [doc].</summary>
    public IReadOnlyList<string> RequiredFeatures { get; init; } = [];

    /// <summary>Whether the guest gets an address of its own after a failover (<c>Msvm_FailoverNetworkAdapterSettingData</c>) [doc]; null when not known.</summary>
    public bool? HasFailoverAddress { get; init; }
}

/// <summary>A virtual hard disk.</summary>
/// <param name="Place">Controller and slot: the disk's key without the machine's GUID, the same on both sides.</param>
/// <param name="Path">Its file.</param>
/// <param name="Bytes">The size that the guest sees; null when unknown.</param>
/// <param name="Shared">Whether several machines may attach it at once; null when unknown.</param>
/// <param name="Replicated">Whether the replication settings include it.</param>
public sealed record HomeDisk(string Place, string Path, long? Bytes, bool? Shared, bool Replicated);

/// <summary>A device of the host that a machine uses and that another host may not have.</summary>
/// <param name="Kind">What it is, for example <c>GPU partition</c>.</param>
/// <param name="Name">Which one.</param>
/// <param name="HoldsData">Whether it is a disk, whose content replication leaves out.</param>
public sealed record HomeDevice(string Kind, string Name, bool HoldsData);

/// <summary>What the facts are about, in <see cref="UnreadFact"/> and in the checks' texts.</summary>
public static class HomeSubject
{
    /// <summary>Replica server settings.</summary>
    public const string ReplicaServer = "replica server settings";

    /// <summary>Authorization entries.</summary>
    public const string AllowedPrimaries = "authorization entries";

    /// <summary>Supported configuration versions.</summary>
    public const string SupportedVersions = "supported configuration versions";

    /// <summary>The range of dynamic MAC addresses.</summary>
    public const string MacRange = "range of MAC addresses";

    /// <summary>Free memory.</summary>
    public const string Memory = "free memory";

    /// <summary>Switches.</summary>
    public const string Switches = "switches";

    /// <summary>Volumes.</summary>
    public const string Volumes = "volumes";

    /// <summary>The cluster.</summary>
    public const string Cluster = "cluster";

    /// <summary>The connection test.</summary>
    public const string Connection = "connection test";

    /// <summary>Certificates.</summary>
    public const string Certificates = "certificates";

    /// <summary>The machine's settings.</summary>
    public const string Settings = "machine settings";

    /// <summary>Security settings.</summary>
    public const string Security = "security settings";

    /// <summary>The machine's memory settings.</summary>
    public const string StartupMemory = "memory settings";

    /// <summary>Network adapters.</summary>
    public const string Adapters = "network adapters";

    /// <summary>Network adapters' settings for a failover.</summary>
    public const string FailoverAddresses = "failover addresses";

    /// <summary>Disks.</summary>
    public const string Disks = "disks";

    /// <summary>Mounted media.</summary>
    public const string Media = "mounted media";

    /// <summary>Devices of the host.</summary>
    public const string Devices = "devices";

    /// <summary>Checkpoints.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>Integration services.</summary>
    public const string IntegrationServices = "integration services";
}
