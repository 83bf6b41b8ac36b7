using System.Text.Json.Serialization;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Plans;

/// <summary>
/// The changes to a virtual machine at one moment; null means no change. Kept in the state file with the plan of the job
/// that causes them.
/// </summary>
internal sealed record MachineChange
{
    public ReplicationState? ReplicationState { get; init; }

    public ReplicationMode? Mode { get; init; }

    /// <summary>The kind of point the machine was failed over to.</summary>
    public ReplicationType? FailedOver { get; init; }

    public EnabledState? Power { get; init; }

    /// <summary>Whether it has an extended replica.</summary>
    public bool? Extended { get; init; }

    public string? Name { get; init; }

    /// <summary>Whether this host has the machine: false once it has moved to another node or was deleted.</summary>
    public bool? IsHere { get; init; }

    public bool RemovesRecoveryPoints { get; init; }

    /// <summary>Replication settings that a client changed.</summary>
    public SettingsChange? Settings { get; init; }

    /// <summary>The state of the extended relationship.</summary>
    public ReplicationState? ExtendedState { get; init; }

    /// <summary>The failover network adapter settings, one embedded instance each.</summary>
    public IReadOnlyList<string>? FailoverNetwork { get; init; }

    /// <summary>A job to schedule; it replaces an already scheduled one.</summary>
    public ScheduledWork? Schedules { get; init; }

    /// <summary>A scheduled job that is due.</summary>
    public ScheduledWork? Begins { get; init; }

    /// <summary>The name of the authorization entry that the machine is bound to.</summary>
    public string? AuthorizationEntry { get; init; }

    /// <summary>The writes that its disks have from now on.</summary>
    public IReadOnlyList<WriteSpan>? Content { get; init; }

    /// <summary>Whether its disks have parts of two histories.</summary>
    public bool? IsMixed { get; init; }

    /// <summary>The kind of a replication that has just arrived; its time is that of the change.</summary>
    public ReplicationType? Received { get; init; }

    /// <summary>Whether its disks are written to a medium now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Exports { get; init; }

    /// <summary>Whether its replication reaches the other side.</summary>
    public bool? Flows { get; init; }

    /// <summary>What the host does with it when it starts: 2 nothing, 3 restart if it ran, 4 start.</summary>
    public int? StartupAction { get; init; }

    /// <summary>How long the host waits before it starts the machine with itself, in seconds of host time.</summary>
    public double? StartupDelaySeconds { get; init; }

    /// <summary>The start of the host with which it starts the machine, if that was the last one and its settings and its replication still let it.</summary>
    public DateTimeOffset? StartsWithHost { get; init; }

    /// <summary>The adapter whose connection changes, by its place.</summary>
    public AdapterChange? Adapter { get; init; }

    /// <summary>The adapter whose VLAN changes, by its place.</summary>
    public AdapterVlanChange? AdapterVlan { get; init; }

    /// <summary>The adapter whose MAC address changes, by its place.</summary>
    public AdapterMacChange? AdapterMac { get; init; }

    /// <summary>Whether its replication statistics are reset.</summary>
    public bool ResetsStatistics { get; init; }

    /// <summary>The identifier of a new test failover machine.</summary>
    public Guid? TestReplica { get; init; }

    public bool RemovesTestReplica { get; init; }

    /// <summary>The type of another job that starts, unless one is already running.</summary>
    public JobType? OtherJob { get; init; }

    /// <summary>How long that job runs, in seconds of host time; null for forever.</summary>
    public double? OtherJobSeconds { get; init; }

    /// <summary>Delay of <see cref="Next"/> in seconds of host time.</summary>
    public double NextAfterSeconds { get; init; }

    /// <summary>A change that follows automatically.</summary>
    public MachineChange? Next { get; init; }
}

/// <summary>A changed connection of a network adapter.</summary>
/// <param name="Index">The adapter's place in the machine's description.</param>
/// <param name="Switch">The switch; null when it is disconnected.</param>
internal sealed record AdapterChange(int Index, string? Switch);

/// <summary>A changed VLAN of a network adapter's connection.</summary>
/// <param name="Index">The adapter's place in the machine's description.</param>
/// <param name="Vlan">The VLAN in access mode; 0 for untagged.</param>
internal sealed record AdapterVlanChange(int Index, int Vlan);

/// <summary>A changed MAC address of a network adapter.</summary>
/// <param name="Index">The adapter's place in the machine's description.</param>
/// <param name="Mac">The static address; null when it is dynamic.</param>
internal sealed record AdapterMacChange(int Index, string? Mac);

/// <summary>A client's changes to a relationship's replication settings.</summary>
/// <param name="Relationship">0 for the primary relationship, 1 for the extended one.</param>
/// <param name="Text">An embedded Msvm_ReplicationSettingData with only the changed properties.</param>
internal sealed record SettingsChange(int Relationship, string Text);

/// <summary>A job that starts at its time, unless the relationship's state has changed since it was requested.</summary>
/// <param name="At">When.</param>
/// <param name="JobType">The type of the job.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Relationship">0 for the primary relationship, 1 for the extended one.</param>
/// <param name="From">The relationship's replication state at the request.</param>
internal sealed record ScheduledWork(DateTimeOffset At, JobType JobType, JobPlan Plan, int Relationship, ReplicationState From);

/// <summary>A scheduled event of a virtual machine.</summary>
/// <param name="After">When, in host time from the start of the simulation.</param>
/// <param name="Change">The change.</param>
internal sealed record Occurrence(TimeSpan After, MachineChange Change);
