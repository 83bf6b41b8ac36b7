using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>The initial state of one simulated virtual machine. The defaults are a replica that has failed over and is ready for failback.</summary>
public sealed record SimulatedVirtualMachineDescription
{
    /// <summary>The display name; not unique on a real host either.</summary>
    public required string Name { get; init; }

    /// <summary>The identifier: the Name of its Msvm_ComputerSystem.</summary>
    public required Guid Id { get; init; }

    /// <summary>Total disk size in gigabytes (10^9 bytes): what a resynchronisation compares. Above 0.</summary>
    public double DiskGigabytes { get; init; } = 100;

    /// <summary>Number of disks, 1 to 64; the size is divided equally among them. Default: 1.</summary>
    public int Disks { get; init; } = 1;

    /// <summary>Data that differs from the primary site, in gigabytes (10^9 bytes): what is sent over the link. 0 to <see cref="DiskGigabytes"/>.</summary>
    public double ChangedGigabytes { get; init; } = 2;

    /// <summary>The replication state. Default: Recovered (failed over, not yet committed).</summary>
    public ReplicationState State { get; init; } = ReplicationState.Recovered;

    /// <summary>The replication mode. Default: Replica.</summary>
    public ReplicationMode Mode { get; init; } = ReplicationMode.Replica;

    /// <summary>The replication health. Default: Ok.</summary>
    public ReplicationHealth Health { get; init; } = ReplicationHealth.Ok;

    /// <summary>The power state. Default: Off, the only one in which a failback is accepted.</summary>
    public EnabledState Power { get; init; } = EnabledState.Off;

    /// <summary>Additional hourly recovery points, 0 to 24. Default 4. With 0 there are no recovery point objects at all.</summary>
    public int RecoveryHistory { get; init; } = 4;

    /// <summary>Hours between application-consistent recovery points, 1 to 12; 0 for none. Default 4.</summary>
    public int ApplicationConsistentHours { get; init; } = 4;

    /// <summary>Time from the last replication to the start of the simulation. Default 6 hours.</summary>
    public TimeSpan SinceLastReplication { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Whether the replica has an extended replica (a second relationship, instance 1).</summary>
    public bool Extended { get; init; }

    /// <summary>
    /// The replication state of the other side; a reversal depends on it. With SyncedReplicationComplete (4, prepared for a planned failover)
    /// the machine replicates immediately, otherwise it becomes ready for initial replication. Default: WaitingToCompleteInitialReplication,
    /// the state of an old primary that was made a replica.
    /// </summary>
    public ReplicationState PeerState { get; init; } = ReplicationState.WaitingToCompleteInitialReplication;

    /// <summary>Display names of ordinary checkpoints. Default: none.</summary>
    public IReadOnlyList<string> Checkpoints { get; init; } = [];

    /// <summary>Whether this host has the machine at the start; false while another cluster node has it. Default: true.</summary>
    public bool Present { get; init; } = true;

    /// <summary>How the two sides authenticate, if the provider uses it. Default: with certificates.</summary>
    public AuthenticationType Authentication { get; init; } = AuthenticationType.Certificate;

    /// <summary>
    /// The host's certificate used to authenticate, by name. A name that no certificate of the host has stands for a missing certificate.
    /// Null (the default): the host's first.
    /// </summary>
    public string? Certificate { get; init; }

    /// <summary>The owner node that the cluster reports. Null (the default): this host.</summary>
    public string? OwnerNode { get; init; }

    /// <summary>What its host does with it when it starts. Default: nothing.</summary>
    public StartupAction StartupAction { get; init; } = StartupAction.None;

    /// <summary>Its guest operating system, as far as the host sees it.</summary>
    public SimulatedGuestDescription Guest { get; init; } = new();

    /// <summary>Faults of its failback.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];
}

/// <summary>A simulated guest operating system, as the host's integration services see it.</summary>
public sealed record SimulatedGuestDescription
{
    /// <summary>Time from the start until its heartbeat is there, in host time. Default 30 seconds.</summary>
    public TimeSpan BootTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether it never boots: the machine runs, and there is no heartbeat.</summary>
    public bool BootFails { get; init; }

    /// <summary>Whether its application reports a critical state.</summary>
    public bool ApplicationCritical { get; init; }

    /// <summary>Whether the integration services run in it. Default: true. Without them there is no heartbeat, and a shutdown is not carried out.</summary>
    public bool IntegrationServices { get; init; } = true;

    /// <summary>Time from the start until its heartbeat is lost, in host time. Null (the default): never.</summary>
    public TimeSpan? HangsAfter { get; init; }
}

/// <summary>Who replicates a virtual machine.</summary>
public enum ReplicationProviderKind
{
    /// <summary>A third-party provider, registered as a COM class: it supports failback unless configured otherwise.</summary>
    External,

    /// <summary>Hyper-V's own host-to-host provider: it answers InitiateFailback with 32770 unless configured otherwise.</summary>
    InBox,
}

/// <summary>What happens to a virtual machine whose failback did not complete. The behaviour of real hosts is not published, so it is configurable.</summary>
public enum AfterInterruption
{
    /// <summary>It returns to the replication state it had before; the failback may be called again.</summary>
    FormerState,

    /// <summary>It becomes Critical (8): its disks are not consistent and an administrator is needed.</summary>
    Critical,
}
