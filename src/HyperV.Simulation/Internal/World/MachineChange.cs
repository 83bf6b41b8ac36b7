using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>
/// What changes about a virtual machine at one moment; null leaves a thing as it is. Kept in the state file with the plan of the job
/// that brings it about.
/// </summary>
internal sealed record MachineChange
{
    public ReplicationState? ReplicationState { get; init; }

    public ReplicationMode? Mode { get; init; }

    /// <summary>What kind of point the machine failed over to.</summary>
    public ReplicationType? FailedOver { get; init; }

    public EnabledState? Power { get; init; }

    /// <summary>Whether it is replicated further.</summary>
    public bool? Extended { get; init; }

    /// <summary>The display name.</summary>
    public string? Name { get; init; }

    /// <summary>Whether this host has the machine: false once it has moved to another node or was deleted.</summary>
    public bool? IsHere { get; init; }

    public bool RemovesRecoveryPoints { get; init; }

    /// <summary>Replication settings that a client changed.</summary>
    public SettingsChange? Settings { get; init; }

    /// <summary>The state of the extended relationship.</summary>
    public ReplicationState? ExtendedState { get; init; }

    /// <summary>What the guest's network adapters are given after a failover, an embedded instance each.</summary>
    public IReadOnlyList<string>? FailoverNetwork { get; init; }

    /// <summary>A job that is going to begin; it takes the place of one that was going to.</summary>
    public ScheduledWork? Schedules { get; init; }

    /// <summary>A scheduled job whose time has come.</summary>
    public ScheduledWork? Begins { get; init; }

    /// <summary>The authorization entry that the machine is bound to, by its name.</summary>
    public string? AuthorizationEntry { get; init; }

    /// <summary>Whether its replication statistics begin anew.</summary>
    public bool ResetsStatistics { get; init; }

    /// <summary>The identifier of the test failover's machine that appears.</summary>
    public Guid? TestReplica { get; init; }

    public bool RemovesTestReplica { get; init; }

    /// <summary>What another job does that somebody starts, unless one is busy already.</summary>
    public JobType? OtherJob { get; init; }

    /// <summary>How long that job runs, in seconds of host time; null for ever.</summary>
    public double? OtherJobSeconds { get; init; }

    /// <summary>After how many seconds of host time <see cref="Next"/> follows.</summary>
    public double NextAfterSeconds { get; init; }

    /// <summary>A change that follows by itself.</summary>
    public MachineChange? Next { get; init; }
}
