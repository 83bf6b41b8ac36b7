using System.Text.Json.Serialization;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>One line of the state file: a decision of the host, or something that happened to it.</summary>
/// <param name="Time">When, on the host's clock. Never before the previous line.</param>
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
[JsonDerivedType(typeof(JobCut), "jobCut")]
[JsonDerivedType(typeof(ReplicationServerChanged), "replicationServerChanged")]
[JsonDerivedType(typeof(HostRestarted), "hostRestarted")]
[JsonDerivedType(typeof(PowerFailed), "powerFailed")]
[JsonDerivedType(typeof(PowerReturned), "powerReturned")]
[JsonDerivedType(typeof(PeerMessageSent), "peerMessageSent")]
[JsonDerivedType(typeof(LinkBegan), "linkBegan")]
[JsonDerivedType(typeof(LinkChanged), "linkChanged")]
[JsonDerivedType(typeof(StateFileReplaced), "stateFileReplaced")]
internal abstract record StateRecord(DateTimeOffset Time);

/// <summary>The first line: which host the file belongs to.</summary>
internal sealed record HostBegan(DateTimeOffset Time, int Format, string Host, int Seed) : StateRecord(Time)
{
    /// <summary>The format this version writes. It reads all earlier ones: format 1 had failbacks only and no summary; format 2 had no changed settings.</summary>
    public const int CurrentFormat = 3;
}

/// <summary>The management service restarted: all jobs are gone, all states are kept.</summary>
internal sealed record HostRestarted(DateTimeOffset Time) : StateRecord(Time);

/// <summary>The host lost its power: its machines stop where they are, and it answers no call.</summary>
internal sealed record PowerFailed(DateTimeOffset Time) : StateRecord(Time);

/// <summary>The host is up again and has started what its machines' settings say.</summary>
internal sealed record PowerReturned(DateTimeOffset Time) : StateRecord(Time);

/// <summary>A job ends otherwise than planned: it could not reach the other side, or brings what it found there.</summary>
/// <param name="Time">When.</param>
/// <param name="JobId">The job.</param>
/// <param name="Ending">How it ends.</param>
internal sealed record JobCut(DateTimeOffset Time, Guid JobId, JobEnding Ending) : StateRecord(Time);

/// <summary>
/// Something was sent to the linked host, in the same write as the end of the job that sent it: it arrives exactly once, whoever is killed in between.
/// </summary>
/// <param name="Time">When.</param>
/// <param name="Number">Its number among the host's messages, from 1.</param>
/// <param name="VirtualMachineId">The machine it is about.</param>
/// <param name="Change">What it changes there.</param>
internal sealed record PeerMessageSent(DateTimeOffset Time, int Number, Guid VirtualMachineId, MachineChange Change) : StateRecord(Time)
{
    /// <summary>The machine to create there first; null for none.</summary>
    public Placeholder? Creates { get; init; }
}

/// <summary>The first line of a link's file: which hosts it joins, and when it is cut by itself.</summary>
internal sealed record LinkBegan(DateTimeOffset Time, int Format, string First, string Second, IReadOnlyList<LinkWindow> Windows) : StateRecord(Time)
{
    /// <summary>The format this version writes.</summary>
    public const int CurrentFormat = 1;
}

/// <summary>When a link is cut by itself.</summary>
/// <param name="From">From when, in UTC ticks.</param>
/// <param name="Until">Until when; the maximum for ever.</param>
/// <param name="ToFirst">Whether nothing reaches the first host.</param>
/// <param name="ToSecond">Whether nothing reaches the second one.</param>
internal sealed record LinkWindow(long From, long Until, bool ToFirst, bool ToSecond);

/// <summary>The link was cut or restored by hand.</summary>
/// <param name="Time">When.</param>
/// <param name="CutToFirst">Whether nothing reaches the first host.</param>
/// <param name="CutToSecond">Whether nothing reaches the second one.</param>
internal sealed record LinkChanged(DateTimeOffset Time, bool CutToFirst, bool CutToSecond) : StateRecord(Time);

/// <summary>A host's state file is about to be replaced by a summary: whoever has it open opens it again.</summary>
internal sealed record StateFileReplaced(DateTimeOffset Time, string Host) : StateRecord(Time);

/// <summary>The host was opened with a different pace.</summary>
internal sealed record PaceSet(DateTimeOffset Time, Pace Pace) : StateRecord(Time);

/// <summary>InitiateFailback was accepted and takes effect.</summary>
/// <param name="Time">When.</param>
/// <param name="Number">Its number among the host's accepted calls, from 1.</param>
/// <param name="VirtualMachineId">The virtual machine.</param>
/// <param name="NumberOfVirtualMachine">Its number among the accepted calls for this virtual machine, from 1.</param>
/// <param name="JobId">The job; null when the work was done synchronously.</param>
/// <param name="RecoveryPointId">The requested recovery point; null for the latest.</param>
/// <param name="Plan">What the job will do; null when the work was done synchronously.</param>
/// <param name="Strikes">The faults that the call triggered.</param>
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

/// <summary>InitiateFailback was answered with a code other than 0 or 4096.</summary>
/// <param name="Time">When.</param>
/// <param name="VirtualMachineId">The virtual machine, if the call named one.</param>
/// <param name="Code">The return code.</param>
/// <param name="Reason">The check or fault that rejected the call, with the value it saw.</param>
/// <param name="Strikes">The faults that the call triggered.</param>
internal sealed record CallRefused(DateTimeOffset Time, Guid? VirtualMachineId, ReturnCode Code, string Reason, IReadOnlyList<string> Strikes)
    : StateRecord(Time);

/// <summary>A job entered its terminal state.</summary>
internal sealed record JobEnded(DateTimeOffset Time, Guid JobId, JobState JobState, ushort ErrorCode) : StateRecord(Time);

/// <summary>A job and its record disappeared without a final state.</summary>
internal sealed record JobVanished(DateTimeOffset Time, Guid JobId) : StateRecord(Time);

/// <summary>A request to terminate a job was accepted.</summary>
internal sealed record JobTerminationAccepted(DateTimeOffset Time, Guid JobId) : StateRecord(Time);

/// <summary>Something happened to a virtual machine without a job.</summary>
internal sealed record MachineChanged(DateTimeOffset Time, Guid VirtualMachineId, MachineChange Change) : StateRecord(Time)
{
    /// <summary>The number of the linked host's message that says so; null when none does.</summary>
    public int? Message { get; init; }

    /// <summary>The machine to create first; null for none.</summary>
    public Placeholder? Creates { get; init; }
}

/// <summary>A job other than a failback started on a virtual machine.</summary>
internal sealed record OtherJobStarted(DateTimeOffset Time, Guid JobId, Guid VirtualMachineId, JobType JobType, JobPlan Plan) : StateRecord(Time)
{
    /// <summary>The faults that affect it, by name.</summary>
    public IReadOnlyList<string> Strikes { get; init; } = [];
}

/// <summary>A client changed the host's replica server settings or authorization entries.</summary>
/// <param name="Time">When.</param>
/// <param name="State">The new settings and entries.</param>
/// <param name="Stopped">The replicas to which no server may replicate any longer.</param>
internal sealed record ReplicationServerChanged(DateTimeOffset Time, ReplicationServerState State, IReadOnlyList<Guid> Stopped) : StateRecord(Time);

/// <summary>
/// The complete state of a host in one line; the first line of a compacted state file, replacing all lines before it.
/// </summary>
/// <param name="Time">When it was created.</param>
/// <param name="Pace">How fast jobs progress.</param>
/// <param name="Machines">Every machine, including test failover machines.</param>
/// <param name="Jobs">Every job, unfinished ones in the order of acceptance, occurrences included.</param>
/// <param name="Initiations">Every InitiateFailback call that took effect.</param>
/// <param name="Strikes">How often each fault has been applied.</param>
/// <param name="Server">The replica server as changed by clients; null while it is as the estate describes it.</param>
/// <param name="IsDown">Whether it has no power.</param>
/// <param name="Sent">Messages sent to the linked host.</param>
/// <param name="Received">Messages received from it.</param>
/// <param name="Outbox">The messages that have not arrived there; null for none.</param>
/// <param name="Booted">When its power last returned; null when it has had power all the time.</param>
internal sealed record HostSummary(
    DateTimeOffset Time,
    Pace Pace,
    IReadOnlyList<MachineState> Machines,
    IReadOnlyList<JobRecord> Jobs,
    IReadOnlyList<Initiation> Initiations,
    IReadOnlyDictionary<string, int> Strikes,
    ReplicationServerState? Server = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsDown = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Sent = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Received = 0,
    IReadOnlyList<PeerMessageSent>? Outbox = null,
    DateTimeOffset? Booted = null)
    : StateRecord(Time);

/// <summary>JSON format of the records in the state file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StateRecord))]
internal sealed partial class StateRecordJson : JsonSerializerContext;
