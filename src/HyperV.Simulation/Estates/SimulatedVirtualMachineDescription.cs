using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>What one simulated virtual machine is when the simulation begins. The defaults are a replica that has failed over and may go back.</summary>
public sealed record SimulatedVirtualMachineDescription
{
    /// <summary>The display name; not unique on a real host either.</summary>
    public required string Name { get; init; }

    /// <summary>The identifier: the Name of its Msvm_ComputerSystem.</summary>
    public required Guid Id { get; init; }

    /// <summary>Size of its disks, in gigabytes (10^9 bytes): what a resynchronisation has to compare. Above 0.</summary>
    public double DiskGigabytes { get; init; } = 100;

    /// <summary>How many disks that size is divided among, evenly, 1 to 64. Default: 1.</summary>
    public int Disks { get; init; } = 1;

    /// <summary>Data that differs from the primary site, in gigabytes (10^9 bytes): what has to cross the link. 0 to <see cref="DiskGigabytes"/>.</summary>
    public double ChangedGigabytes { get; init; } = 2;

    /// <summary>The replication state. Default: Recovered (failed over, not yet committed).</summary>
    public ReplicationState State { get; init; } = ReplicationState.Recovered;

    /// <summary>The replication mode. Default: Replica.</summary>
    public ReplicationMode Mode { get; init; } = ReplicationMode.Replica;

    /// <summary>The replication health. Default: Ok.</summary>
    public ReplicationHealth Health { get; init; } = ReplicationHealth.Ok;

    /// <summary>The power state. Default: Off, the only one a failback is accepted in.</summary>
    public EnabledState Power { get; init; } = EnabledState.Off;

    /// <summary>Extra recovery points kept, hourly, 0 to 24. Default 4. With 0 there is no recovery point object at all.</summary>
    public int RecoveryHistory { get; init; } = 4;

    /// <summary>Every how many hours a recovery point is application-consistent, 1 to 12; 0 for never. Default 4.</summary>
    public int ApplicationConsistentHours { get; init; } = 4;

    /// <summary>How long before the simulation's beginning the last replication arrived. Default 6 hours.</summary>
    public TimeSpan SinceLastReplication { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Whether the replica is itself replicated further (a second relationship, instance 1).</summary>
    public bool Extended { get; init; }

    /// <summary>
    /// The replication state of the other side, as far as a reversal asks: with SyncedReplicationComplete (4, prepared for a planned failover)
    /// the machine replicates at once, with any other it is ready for a first copy. Default: WaitingToCompleteInitialReplication, the
    /// old primary having been made a replica.
    /// </summary>
    public ReplicationState PeerState { get; init; } = ReplicationState.WaitingToCompleteInitialReplication;

    /// <summary>Display names of ordinary checkpoints. Default: none.</summary>
    public IReadOnlyList<string> Checkpoints { get; init; } = [];

    /// <summary>Whether this host has the machine at the beginning; false while another node of the cluster has it. Default: it has.</summary>
    public bool Present { get; init; } = true;

    /// <summary>How the two sides authenticate, as far as the provider asks. Default: with certificates.</summary>
    public AuthenticationType Authentication { get; init; } = AuthenticationType.Certificate;

    /// <summary>
    /// The name of the host's certificate that authenticates; a name that the host has no certificate of stands for one that it does not
    /// have. Null (the default): the host's first.
    /// </summary>
    public string? Certificate { get; init; }

    /// <summary>The node that the cluster says owns the machine. Null (the default): this host.</summary>
    public string? OwnerNode { get; init; }

    /// <summary>Switches that make its failback go wrong.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];
}

/// <summary>Who replicates a virtual machine.</summary>
public enum ReplicationProviderKind
{
    /// <summary>A third party's provider, registered as a COM class: it carries out failback unless told otherwise.</summary>
    External,

    /// <summary>Hyper-V's own host-to-host provider: it answers InitiateFailback with 32770 unless told otherwise.</summary>
    InBox,
}

/// <summary>What becomes of a virtual machine whose failback did not complete. What a real host does is not published, so it is a switch.</summary>
public enum AfterInterruption
{
    /// <summary>It returns to the replication state it had before; the failback may be called again.</summary>
    FormerState,

    /// <summary>It becomes Critical (8): its disks are not consistent and an administrator is needed.</summary>
    Critical,
}
