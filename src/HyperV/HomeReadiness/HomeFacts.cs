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
