using System.Text.Json.Serialization;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>One line of the state file: something that the host decided, or that happened to it.</summary>
/// <param name="Time">When, on the host's clock. Never before the line above.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(HostBegan), "hostBegan")]
[JsonDerivedType(typeof(HostSummary), "hostSummary")]
[JsonDerivedType(typeof(PaceSet), "paceSet")]
[JsonDerivedType(typeof(CallRefused), "callRefused")]
[JsonDerivedType(typeof(FailbackInitiated), "failbackInitiated")]
[JsonDerivedType(typeof(OtherJobStarted), "otherJobStarted")]
[JsonDerivedType(typeof(MachineChanged), "machineChanged")]
[JsonDerivedType(typeof(JobTerminationAccepted), "jobTerminationAccepted")]
[JsonDerivedType(typeof(JobEnded), "jobEnded")]
[JsonDerivedType(typeof(JobVanished), "jobVanished")]
[JsonDerivedType(typeof(ReplicationServerChanged), "replicationServerChanged")]
[JsonDerivedType(typeof(HostRestarted), "hostRestarted")]
internal abstract record StateRecord(DateTimeOffset Time);

/// <summary>The first line: whose past this is.</summary>
internal sealed record HostBegan(DateTimeOffset Time, int Format, string Host, int Seed) : StateRecord(Time)
{
    /// <summary>The format this version writes. It reads all former ones: format 1 knew failbacks only, and no summary; format 2 no changed settings.</summary>
    public const int CurrentFormat = 3;
}

/// <summary>The management service restarted: all jobs are gone, all states stay.</summary>
internal sealed record HostRestarted(DateTimeOffset Time) : StateRecord(Time);

/// <summary>The host was opened with another pace than before.</summary>
internal sealed record PaceSet(DateTimeOffset Time, Pace Pace) : StateRecord(Time);

/// <summary>InitiateFailback was accepted and takes effect.</summary>
/// <param name="Time">When.</param>
/// <param name="Number">Its place among the accepted calls of the host, from 1.</param>
/// <param name="VirtualMachineId">The virtual machine.</param>
/// <param name="NumberOfVirtualMachine">Its place among the accepted calls for this virtual machine, from 1.</param>
/// <param name="JobId">The job; null when the work was done at once.</param>
/// <param name="RecoveryPointId">The recovery point asked for; null for the latest.</param>
/// <param name="Plan">What the job will do; null when the work was done at once.</param>
/// <param name="Strikes">The faults that the call used up.</param>
internal sealed record FailbackInitiated(
    DateTimeOffset Time,
    int Number,
    Guid VirtualMachineId,
    int NumberOfVirtualMachine,
    Guid? JobId,
    string? RecoveryPointId,
    JobPlan? Plan,
    IReadOnlyList<string> Strikes)
    : StateRecord(Time)
{
    public Initiation ToInitiation() => new(Number, Time, VirtualMachineId, JobId is { } id ? CimText.Guid(id) : null, RecoveryPointId);
}

/// <summary>InitiateFailback was answered otherwise than 0 or 4096.</summary>
/// <param name="Time">When.</param>
/// <param name="VirtualMachineId">The virtual machine, where the call named one.</param>
/// <param name="Code">The return code.</param>
/// <param name="Reason">The check or fault that refused, and what it saw.</param>
/// <param name="Strikes">The faults that the call used up.</param>
internal sealed record CallRefused(DateTimeOffset Time, Guid? VirtualMachineId, ReturnCode Code, string Reason, IReadOnlyList<string> Strikes)
    : StateRecord(Time);

/// <summary>A job took its terminal state.</summary>
internal sealed record JobEnded(DateTimeOffset Time, Guid JobId, JobState JobState, ushort ErrorCode) : StateRecord(Time);

/// <summary>A job and its record are gone without an ending.</summary>
internal sealed record JobVanished(DateTimeOffset Time, Guid JobId) : StateRecord(Time);

/// <summary>Somebody asked a job to terminate, and it will.</summary>
internal sealed record JobTerminationAccepted(DateTimeOffset Time, Guid JobId) : StateRecord(Time);

/// <summary>Something happened to a virtual machine without a job.</summary>
internal sealed record MachineChanged(DateTimeOffset Time, Guid VirtualMachineId, MachineChange Change) : StateRecord(Time);

/// <summary>A job of another kind than failback began on a virtual machine.</summary>
internal sealed record OtherJobStarted(DateTimeOffset Time, Guid JobId, Guid VirtualMachineId, JobType JobType, JobPlan Plan) : StateRecord(Time);

/// <summary>A client changed the host's settings or authorization entries as a replica server.</summary>
/// <param name="Time">When.</param>
/// <param name="State">What they are now.</param>
/// <param name="Stopped">The replicas that nobody may replicate to any more.</param>
internal sealed record ReplicationServerChanged(DateTimeOffset Time, ReplicationServerState State, IReadOnlyList<Guid> Stopped) : StateRecord(Time);

/// <summary>
/// Everything that a host's past amounts to, in one line: what a compacted state file begins with in place of the lines before.
/// </summary>
/// <param name="Time">When it was drawn up.</param>
/// <param name="Pace">How fast jobs advance.</param>
/// <param name="Machines">Every machine, test failovers' included.</param>
/// <param name="Jobs">Every job, unfinished ones in the order they were accepted, occurrences included.</param>
/// <param name="Initiations">Every InitiateFailback call that took effect.</param>
/// <param name="Strikes">How often each fault has struck.</param>
/// <param name="Server">What clients made of the host as a replica server; null while it is as the estate says.</param>
internal sealed record HostSummary(
    DateTimeOffset Time,
    Pace Pace,
    IReadOnlyList<MachineSummary> Machines,
    IReadOnlyList<JobSummary> Jobs,
    IReadOnlyList<Initiation> Initiations,
    IReadOnlyDictionary<string, int> Strikes,
    ReplicationServerState? Server = null)
    : StateRecord(Time);

/// <summary>A job as it stood when a summary was drawn up.</summary>
internal sealed record JobSummary
{
    public required Guid Id { get; init; }

    public JobType Type { get; init; }

    public required Guid MachineId { get; init; }

    public required JobPlan Plan { get; init; }

    public bool IsOccurrence { get; init; }

    /// <summary>The phase it is in, by its place in the plan.</summary>
    public int Phase { get; init; }

    /// <summary>How much of the phase was done at <see cref="BaseTicks"/>.</summary>
    public double Done { get; init; }

    public long BaseTicks { get; init; }

    public long SubmittedTicks { get; init; }

    public long? StartedTicks { get; init; }

    public long? EndedTicks { get; init; }

    public long StateChangedTicks { get; init; }

    public long RemoveAtTicks { get; init; }

    public bool HasSlot { get; init; }
}

/// <summary>A virtual machine as it stood when a summary was drawn up.</summary>
internal sealed record MachineSummary
{
    public required Guid Id { get; init; }

    /// <summary>The replica that a test failover's machine belongs to.</summary>
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

    /// <summary>The state of the extended relationship; null in the files of former formats: Replicating.</summary>
    public ReplicationState? ExtendedState { get; init; }

    /// <summary>Null when it has never replicated.</summary>
    public DateTimeOffset? LastReplication { get; init; }

    public DateTimeOffset? ReplicatingSince { get; init; }

    /// <summary>The replication settings that clients have changed; null for none.</summary>
    public IReadOnlyList<SettingsChange>? Settings { get; init; }

    /// <summary>What its network adapters are given after a failover; null for none.</summary>
    public IReadOnlyList<string>? FailoverNetwork { get; init; }

    /// <summary>When the next scheduled job begins.</summary>
    public DateTimeOffset? ScheduledStart { get; init; }

    /// <summary>When its recovery point of a planned failover was made; null when it has none.</summary>
    public DateTimeOffset? PlannedPoint { get; init; }

    /// <summary>The authorization entry it was bound to.</summary>
    public string? AuthorizationEntry { get; init; }

    /// <summary>When its statistics were last begun anew.</summary>
    public DateTimeOffset? StatisticsSince { get; init; }

    /// <summary>When its recovery points were last removed.</summary>
    public DateTimeOffset PointsRemoved { get; init; }
}

/// <summary>How records stand in the state file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StateRecord))]
internal sealed partial class StateRecordJson : JsonSerializerContext;
