using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>What one simulated Hyper-V host is when the simulation begins.</summary>
public sealed record SimulatedHostDescription
{
    /// <summary>The host's name: up to 15 letters, digits and hyphens, as a NetBIOS computer name.</summary>
    public required string Name { get; init; }

    /// <summary>Which Windows it runs, as far as its namespace differs. Default: one that has everything.</summary>
    public HostPlatform Platform { get; init; } = HostPlatform.WindowsServer2019;

    /// <summary>The recovery site the host stands in.</summary>
    public string Site { get; init; } = "recovery";

    /// <summary>The primary site its replicas go back to.</summary>
    public string PrimarySite { get; init; } = "primary";

    /// <summary>The link to the primary site, in megabits per second, shared fairly by the failbacks that transfer. Default 1000.</summary>
    public double LinkMegabitsPerSecond { get; init; } = 1000;

    /// <summary>How fast the block comparison reads one virtual machine's disks, in megabytes per second. Default 60.</summary>
    public double CompareMegabytesPerSecond { get; init; } = 60;

    /// <summary>How fast the merge writes one virtual machine's changed blocks, in megabytes per second. Default 200.</summary>
    public double MergeMegabytesPerSecond { get; init; } = 200;

    /// <summary>How many failback jobs the host runs at once; further ones wait in job state New. Null (the default): no limit.</summary>
    public int? MaxConcurrentJobs { get; init; }

    /// <summary>Who replicates the host's virtual machines. Default: an external provider, which supports failback.</summary>
    public ReplicationProviderKind Provider { get; init; } = ReplicationProviderKind.External;

    /// <summary>Whether the provider carries out failback. Null (the default): an external provider does, the in-box one answers 32770.</summary>
    public bool? ProviderSupportsFailback { get; init; }

    /// <summary>Whether the provider reaches the primary site; if not, InitiateFailback answers 32777. Default: it does.</summary>
    public bool PrimarySiteReachable { get; init; } = true;

    /// <summary>The replication state a virtual machine is left in when its failback fails. Default: Critical.</summary>
    public AfterInterruption AfterFailure { get; init; } = AfterInterruption.Critical;

    /// <summary>The replication state a virtual machine is left in when its failback is cancelled. Default: the former state.</summary>
    public AfterInterruption AfterCancel { get; init; } = AfterInterruption.FormerState;

    /// <summary>
    /// The order in which InitiateFailback checks its arguments: every check once. Null (the default): as
    /// <see cref="FailbackCheck"/> lists them. The real order is not published.
    /// </summary>
    public IReadOnlyList<FailbackCheck>? CheckOrder { get; init; }

    /// <summary>The replication states from which InitiateFailback is accepted. Null (the default): Recovered and Committed. The real ones are not published.</summary>
    public IReadOnlyList<ReplicationState>? FailbackStates { get; init; }

    /// <summary>Whether InitiateFailback demands that the machine is off. Default: it does. Not published either.</summary>
    public bool FailbackNeedsOff { get; init; } = true;

    /// <summary>Whether the host is enabled as a replica server. Default: it is. One that is not makes no primary a replica.</summary>
    public bool RecoveryServerEnabled { get; init; } = true;

    /// <summary>How primary servers may authenticate to it. Default: with certificates.</summary>
    public RecoveryServerAuthentication AllowedAuthentication { get; init; } = RecoveryServerAuthentication.Certificate;

    /// <summary>The port for Kerberos, 1 to 65535. Default 80.</summary>
    public int HttpPort { get; init; } = 80;

    /// <summary>The port for certificates, 1 to 65535. Default 443.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>How often replication statistics begin anew, 1 hour to 7 days. Default 12 hours.</summary>
    public TimeSpan MonitoringInterval { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Which primary servers may replicate to it. Default: any.</summary>
    public IReadOnlyList<SimulatedAuthorizationEntry> AuthorizationEntries { get; init; } = [SimulatedAuthorizationEntry.AnyServer];

    /// <summary>The certificates of its computer store. Default: one, for the host's full name.</summary>
    public IReadOnlyList<SimulatedCertificateDescription> Certificates { get; init; } = [new() { Name = "replication" }];

    /// <summary>The failover cluster that it is a node of, its machines being the roles: its settings as a replica server are then its broker's, and the methods about them answer 32770. Null (the default): none.</summary>
    public SimulatedClusterDescription? Cluster { get; init; }

    /// <summary>Its volumes. Default: a small one for Windows and a large one for the disks, which are on <c>D:\</c>.</summary>
    public IReadOnlyList<SimulatedVolumeDescription> Volumes { get; init; } = [new() { Name = @"C:\", CapacityGigabytes = 500 }, new() { Name = @"D:\" }];

    /// <summary>Switches that make the host, or every virtual machine on it, misbehave.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>The virtual machines.</summary>
    public IReadOnlyList<SimulatedVirtualMachineDescription> VirtualMachines { get; init; } = [];
}

/// <summary>Which Windows a simulated host runs, as far as its namespace differs.</summary>
public enum HostPlatform
{
    /// <summary>No failback, no relationships as objects of their own, no extended replication, the in-box provider alone.</summary>
    WindowsServer2012,

    /// <summary>Replication states up to 14.</summary>
    WindowsServer2012R2,

    /// <summary>Replication states up to 14 too: the further ones came with version 1703.</summary>
    WindowsServer2016,

    /// <summary>Version 1809, and all later ones: everything.</summary>
    WindowsServer2019,
}

/// <summary>How primary servers may authenticate to a host, with the numbers of <c>AllowedAuthenticationType</c>.</summary>
public enum RecoveryServerAuthentication
{
    /// <summary>In no way.</summary>
    None = 0,

    /// <summary>With Kerberos.</summary>
    Kerberos = 1,

    /// <summary>With certificates.</summary>
    Certificate = 2,

    /// <summary>In both ways.</summary>
    Both = 3,
}

/// <summary>Which primary servers may replicate to a host, and where it keeps what they send (<c>Msvm_ReplicationAuthorizationSettingData</c>).</summary>
/// <param name="AllowedPrimaryHostSystem">A server's DNS name, <c>*.</c> and a domain for all of its servers, or <c>*</c> for any server.</param>
public sealed record SimulatedAuthorizationEntry(string AllowedPrimaryHostSystem)
{
    /// <summary>The entry that lets any server in; what a host has by default.</summary>
    public static SimulatedAuthorizationEntry AnyServer { get; } = new("*");

    /// <summary>The name that entries belong together by. Default: DEFAULT.</summary>
    public string TrustGroup { get; init; } = "DEFAULT";

    /// <summary>The folder of the replicas, a whole Windows path.</summary>
    public string ReplicaStorageLocation { get; init; } = @"D:\Hyper-V Replica";
}

/// <summary>How a simulated cluster's replication broker is.</summary>
public enum SimulatedBroker
{
    /// <summary>Its resource works.</summary>
    Online,

    /// <summary>Its resource was taken offline.</summary>
    Offline,

    /// <summary>Its resource has failed.</summary>
    Failed,

    /// <summary>The cluster has none.</summary>
    Missing,
}

/// <summary>The failover cluster that a simulated host is a node of.</summary>
public sealed record SimulatedClusterDescription
{
    /// <summary>The cluster's name: up to 15 letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>How its replication broker is. Default: online.</summary>
    public SimulatedBroker Broker { get; init; } = SimulatedBroker.Online;
}

/// <summary>A volume of a simulated host.</summary>
public sealed record SimulatedVolumeDescription
{
    /// <summary>Where it is mounted, with a backslash at the end: <c>D:\</c> or <c>C:\ClusterStorage\Volume1\</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How large it is, in gigabytes (10^9 bytes). Default 1,000,000.</summary>
    public double CapacityGigabytes { get; init; } = 1_000_000;

    /// <summary>What is free, in gigabytes (10^9 bytes); at most <see cref="CapacityGigabytes"/>. Null (the default): half of it.</summary>
    public double? FreeGigabytes { get; init; }
}

/// <summary>A certificate in a simulated host's computer store. Times count from the simulation's beginning, on the real clock.</summary>
public sealed record SimulatedCertificateDescription
{
    /// <summary>The name by which virtual machines of the estate refer to it.</summary>
    public required string Name { get; init; }

    /// <summary>The DNS names it is for; the first is its subject too. Empty (the default): the host's full name, as the subject alone.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>In what time it becomes valid. Null (the default): it has been valid for long.</summary>
    public TimeSpan? StartsIn { get; init; }

    /// <summary>In what time it expires; negative for one that has expired. Default: 365 days.</summary>
    public TimeSpan ExpiresIn { get; init; } = TimeSpan.FromDays(365);

    /// <summary>What it may be used for; empty for a certificate that does not say, which is good for all. Default: for both.</summary>
    public IReadOnlyList<SimulatedCertificateUsage> Usages { get; init; } =
        [SimulatedCertificateUsage.ClientAuthentication, SimulatedCertificateUsage.ServerAuthentication];
}

/// <summary>What a simulated certificate may be used for.</summary>
public enum SimulatedCertificateUsage
{
    /// <summary>Proving who a client is.</summary>
    ClientAuthentication,

    /// <summary>Proving who a server is.</summary>
    ServerAuthentication,
}
