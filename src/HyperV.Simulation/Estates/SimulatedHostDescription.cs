using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>The initial state of one simulated Hyper-V host.</summary>
public sealed record SimulatedHostDescription
{
    /// <summary>The host's name: up to 15 letters, digits and hyphens, as a NetBIOS computer name.</summary>
    public required string Name { get; init; }

    /// <summary>Its Windows version, as far as the namespace differs. Default: one with everything.</summary>
    public HostPlatform Platform { get; init; } = HostPlatform.WindowsServer2019;

    /// <summary>The recovery site of the host.</summary>
    public string Site { get; init; } = "recovery";

    /// <summary>The primary site of its replicas.</summary>
    public string PrimarySite { get; init; } = "primary";

    /// <summary>Bandwidth to the primary site in megabits per second, shared equally by the transferring failbacks. Default 1000.</summary>
    public double LinkMegabitsPerSecond { get; init; } = 1000;

    /// <summary>Read speed of the block comparison per virtual machine, in megabytes per second. Default 60.</summary>
    public double CompareMegabytesPerSecond { get; init; } = 60;

    /// <summary>Write speed of the merge per virtual machine, in megabytes per second. Default 200.</summary>
    public double MergeMegabytesPerSecond { get; init; } = 200;

    /// <summary>Maximum concurrent failback jobs; further jobs wait in job state New. Null (the default): no limit.</summary>
    public int? MaxConcurrentJobs { get; init; }

    /// <summary>Who replicates the host's virtual machines. Default: an external provider, which supports failback.</summary>
    public ReplicationProviderKind Provider { get; init; } = ReplicationProviderKind.External;

    /// <summary>Whether the provider supports failback. Null (the default): an external provider does, the in-box one answers 32770.</summary>
    public bool? ProviderSupportsFailback { get; init; }

    /// <summary>Whether the provider can reach the primary site; if not, InitiateFailback answers 32777. Default: true.</summary>
    public bool PrimarySiteReachable { get; init; } = true;

    /// <summary>Replication state of a virtual machine after a failed failback. Default: Critical.</summary>
    public AfterInterruption AfterFailure { get; init; } = AfterInterruption.Critical;

    /// <summary>Replication state of a virtual machine after a cancelled failback. Default: the former state.</summary>
    public AfterInterruption AfterCancel { get; init; } = AfterInterruption.FormerState;

    /// <summary>
    /// The order in which InitiateFailback checks its arguments, each check once. Null (the default): the order of
    /// <see cref="FailbackCheck"/>. The real order is not published.
    /// </summary>
    public IReadOnlyList<FailbackCheck>? CheckOrder { get; init; }

    /// <summary>The replication states in which InitiateFailback is accepted. Null (the default): Recovered and Committed. The real ones are not published.</summary>
    public IReadOnlyList<ReplicationState>? FailbackStates { get; init; }

    /// <summary>Whether InitiateFailback requires the machine to be off. Default: true. Not published either.</summary>
    public bool FailbackNeedsOff { get; init; } = true;

    /// <summary>Whether the host is enabled as a replica server. Default: true. If not, a primary here cannot become a replica.</summary>
    public bool RecoveryServerEnabled { get; init; } = true;

    /// <summary>How primary servers may authenticate. Default: with certificates.</summary>
    public RecoveryServerAuthentication AllowedAuthentication { get; init; } = RecoveryServerAuthentication.Certificate;

    /// <summary>The port for Kerberos, 1 to 65535. Default 80.</summary>
    public int HttpPort { get; init; } = 80;

    /// <summary>The port for certificates, 1 to 65535. Default 443.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>The monitoring interval of replication statistics, 1 hour to 7 days. Default 12 hours.</summary>
    public TimeSpan MonitoringInterval { get; init; } = TimeSpan.FromHours(12);

    /// <summary>The primary servers that may replicate to it. Default: any.</summary>
    public IReadOnlyList<SimulatedAuthorizationEntry> AuthorizationEntries { get; init; } = [SimulatedAuthorizationEntry.AnyServer];

    /// <summary>The full name of the host that it is paired with; null when there is none.</summary>
    internal string? PeerServer { get; init; }

    /// <summary>The names of its virtual switches. Default: one, vSwitch.</summary>
    public IReadOnlyList<string> Switches { get; init; } = [SimulatedAdapterDescription.UsualSwitch];

    /// <summary>Those of them that reach machines of the host only. Default: none.</summary>
    public IReadOnlyList<string> PrivateSwitches { get; init; } = [];

    /// <summary>Those of them that reach machines and the host itself. Default: none; every other one is external.</summary>
    public IReadOnlyList<string> InternalSwitches { get; init; } = [];

    /// <summary>Its memory in megabytes; what its running machines have is not free. Default: a terabyte.</summary>
    public int MemoryMegabytes { get; init; } = 1_048_576;

    /// <summary>The configuration versions of virtual machines that it supports. Null (the default): those of its platform.</summary>
    public IReadOnlyList<string>? SupportedVersions { get; init; }

    /// <summary>How many seconds its clock is ahead, as Windows shows it; negative when it is behind. The simulation itself goes by the right time. Default: 0.</summary>
    public int ClockOffsetSeconds { get; init; }

    /// <summary>The certificates in its computer store. Default: one, for the host's full name.</summary>
    public IReadOnlyList<SimulatedCertificateDescription> Certificates { get; init; } = [new() { Name = "replication" }];

    /// <summary>The failover cluster that the host is a node of. Its machines are cluster roles, its replica server settings belong to the broker, and the methods that change them answer 32770. Null (the default): no cluster.</summary>
    public SimulatedClusterDescription? Cluster { get; init; }

    /// <summary>Its volumes. Default: a small one for Windows and a large <c>D:\</c> with the disks.</summary>
    public IReadOnlyList<SimulatedVolumeDescription> Volumes { get; init; } = [new() { Name = @"C:\", CapacityGigabytes = 500 }, new() { Name = @"D:\" }];

    /// <summary>Faults of the host, or of every virtual machine on it.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>The virtual machines.</summary>
    public IReadOnlyList<SimulatedVirtualMachineDescription> VirtualMachines { get; init; } = [];
}

/// <summary>The Windows version of a simulated host, as far as the namespace differs.</summary>
public enum HostPlatform
{
    /// <summary>No failback, no relationship objects, no extended replication, the in-box provider only.</summary>
    WindowsServer2012,

    /// <summary>Replication states up to 14.</summary>
    WindowsServer2012R2,

    /// <summary>Replication states up to 14 too: the later ones came with version 1703.</summary>
    WindowsServer2016,

    /// <summary>Version 1809 and later: everything.</summary>
    WindowsServer2019,
}

/// <summary>How primary servers may authenticate to a host, with the numbers of <c>AllowedAuthenticationType</c>.</summary>
public enum RecoveryServerAuthentication
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>With Kerberos.</summary>
    Kerberos = 1,

    /// <summary>With certificates.</summary>
    Certificate = 2,

    /// <summary>With either.</summary>
    Both = 3,
}

/// <summary>A primary server that may replicate to a host, and where its replicas are stored (<c>Msvm_ReplicationAuthorizationSettingData</c>).</summary>
/// <param name="AllowedPrimaryHostSystem">A server's DNS name, <c>*.</c> and a domain for all of its servers, or <c>*</c> for any server.</param>
public sealed record SimulatedAuthorizationEntry(string AllowedPrimaryHostSystem)
{
    /// <summary>The entry that allows any server; a host's default.</summary>
    public static SimulatedAuthorizationEntry AnyServer { get; } = new("*");

    /// <summary>The trust group of the entry. Default: DEFAULT.</summary>
    public string TrustGroup { get; init; } = "DEFAULT";

    /// <summary>The folder of the replicas, an absolute Windows path.</summary>
    public string ReplicaStorageLocation { get; init; } = @"D:\Hyper-V Replica";
}

/// <summary>State of a simulated cluster's replication broker.</summary>
public enum SimulatedBroker
{
    /// <summary>Its resource is online.</summary>
    Online,

    /// <summary>Its resource was taken offline.</summary>
    Offline,

    /// <summary>Its resource has failed.</summary>
    Failed,

    /// <summary>The cluster has no broker.</summary>
    Missing,
}

/// <summary>The failover cluster that a simulated host is a node of.</summary>
public sealed record SimulatedClusterDescription
{
    /// <summary>The cluster's name: up to 15 letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>State of its replication broker. Default: online.</summary>
    public SimulatedBroker Broker { get; init; } = SimulatedBroker.Online;
}

/// <summary>A volume of a simulated host.</summary>
public sealed record SimulatedVolumeDescription
{
    /// <summary>The mount point, ending with a backslash: <c>D:\</c> or <c>C:\ClusterStorage\Volume1\</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Capacity in gigabytes (10^9 bytes). Default 1,000,000.</summary>
    public double CapacityGigabytes { get; init; } = 1_000_000;

    /// <summary>Free space in gigabytes (10^9 bytes); at most <see cref="CapacityGigabytes"/>. Null (the default): half of it.</summary>
    public double? FreeGigabytes { get; init; }
}

/// <summary>A certificate in a simulated host's computer store. Times are relative to the start of the simulation, on the real clock.</summary>
public sealed record SimulatedCertificateDescription
{
    /// <summary>The name by which the estate's virtual machines refer to it.</summary>
    public required string Name { get; init; }

    /// <summary>The DNS names it covers; the first is also the subject. Empty (the default): the host's full name, in the subject only.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>Time until it becomes valid. Null (the default): it is already valid.</summary>
    public TimeSpan? StartsIn { get; init; }

    /// <summary>Time until it expires; negative for an expired one. Default: 365 days.</summary>
    public TimeSpan ExpiresIn { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Its extended key usages; empty for a certificate without the extension, which is valid for all. Default: both.</summary>
    public IReadOnlyList<SimulatedCertificateUsage> Usages { get; init; } =
        [SimulatedCertificateUsage.ClientAuthentication, SimulatedCertificateUsage.ServerAuthentication];
}

/// <summary>Extended key usages of a simulated certificate.</summary>
public enum SimulatedCertificateUsage
{
    /// <summary>Client authentication.</summary>
    ClientAuthentication,

    /// <summary>Server authentication.</summary>
    ServerAuthentication,
}
