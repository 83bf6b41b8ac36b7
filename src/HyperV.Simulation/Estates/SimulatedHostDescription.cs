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
