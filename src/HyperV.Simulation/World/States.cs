using System.Text.Json.Serialization;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The state of a job: what it holds, and what a summary keeps.</summary>
internal sealed record JobRecord
{
    public required Guid Id { get; init; }

    public JobType Type { get; init; }

    public required Guid MachineId { get; init; }

    public required JobPlan Plan { get; init; }

    public bool IsOccurrence { get; init; }

    /// <summary>Index of the current phase in the plan.</summary>
    public int Phase { get; init; }

    /// <summary>Work of the phase done at <see cref="BaseTicks"/>.</summary>
    public double Done { get; init; }

    public long BaseTicks { get; init; }

    public long SubmittedTicks { get; init; }

    public long? StartedTicks { get; init; }

    public long? EndedTicks { get; init; }

    public long StateChangedTicks { get; init; }

    /// <summary>When its record is removed; meaningful only once it is terminal.</summary>
    public long RemoveAtTicks { get; init; }

    public bool HasSlot { get; init; }
}

/// <summary>The state of a virtual machine: what it holds, and what a summary keeps.</summary>
internal sealed record MachineState
{
    public required Guid Id { get; init; }

    /// <summary>The replica that a test failover machine belongs to.</summary>
    public Guid? ReplicaId { get; init; }

    public DateTimeOffset Began { get; init; }

    public required string Name { get; init; }

    public ReplicationMode Mode { get; init; }

    public ReplicationState ReplicationState { get; init; }

    public ReplicationHealth Health { get; init; }

    public ReplicationType FailedOver { get; init; }

    public EnabledState Power { get; init; }

    public bool Extended { get; init; }

    public bool IsHere { get; init; }

    /// <summary>The state of the extended relationship; null in files of earlier formats means Replicating.</summary>
    public ReplicationState? ExtendedState { get; init; }

    /// <summary>Null when it has never replicated.</summary>
    public DateTimeOffset? LastReplication { get; init; }

    public DateTimeOffset? ReplicatingSince { get; init; }

    /// <summary>The replication settings that clients have changed; null for none.</summary>
    public IReadOnlyList<SettingsChange>? Settings { get; init; }

    /// <summary>Its failover network adapter settings; null for none.</summary>
    public IReadOnlyList<string>? FailoverNetwork { get; init; }

    /// <summary>The failover network adapter settings that its guest was given; null for none.</summary>
    public IReadOnlyList<string>? AppliedNetwork { get; init; }

    /// <summary>When the next scheduled job starts.</summary>
    public DateTimeOffset? ScheduledStart { get; init; }

    /// <summary>When its planned failover recovery point was created; null when it has none.</summary>
    public DateTimeOffset? PlannedPoint { get; init; }

    /// <summary>The authorization entry it is bound to.</summary>
    public string? AuthorizationEntry { get; init; }

    /// <summary>The writes on its disks up to its last stop; null when nothing has touched them.</summary>
    public IReadOnlyList<WriteSpan>? Content { get; init; }

    /// <summary>The writes below a failover's differencing disk; null when there is none.</summary>
    public IReadOnlyList<WriteSpan>? Below { get; init; }

    /// <summary>Whether its disks have parts of two histories.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsMixed { get; init; }

    /// <summary>The writes on the medium of its last export; null when it was not exported.</summary>
    public IReadOnlyList<WriteSpan>? Exported { get; init; }

    /// <summary>The machine as the linked host asked for it; null for one of the estate.</summary>
    public Placeholder? Placeholder { get; init; }

    /// <summary>When it ran on a host that is linked to another, the latest runs; null for none.</summary>
    public IReadOnlyList<RunSpan>? Runs { get; init; }

    /// <summary>Whether it ran when its host lost its power.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RanAtPowerFailure { get; init; }

    /// <summary>When it entered its present power state; null in files of earlier formats means at the start.</summary>
    public DateTimeOffset? PowerSince { get; init; }

    /// <summary>The kind of the last replication; null in files of earlier formats means regular.</summary>
    public ReplicationType? LastType { get; init; }

    /// <summary>What the host does with it when it starts; null in files of earlier formats means nothing.</summary>
    public int? StartupAction { get; init; }

    /// <summary>How long the host waits before it starts it with itself, in seconds of host time; null in files of earlier formats means not at all.</summary>
    public double? StartupDelaySeconds { get; init; }

    /// <summary>The adapters whose connections clients have changed; null for none.</summary>
    public IReadOnlyList<AdapterChange>? Adapters { get; init; }

    /// <summary>The adapters whose VLANs clients have changed; null for none.</summary>
    public IReadOnlyList<AdapterVlanChange>? Vlans { get; init; }

    /// <summary>The adapters whose MAC addresses clients have changed; null for none.</summary>
    public IReadOnlyList<AdapterMacChange>? Macs { get; init; }

    /// <summary>When its statistics were last reset.</summary>
    public DateTimeOffset? StatisticsSince { get; init; }

    /// <summary>When its recovery points were last removed.</summary>
    public DateTimeOffset PointsRemoved { get; init; }
}
