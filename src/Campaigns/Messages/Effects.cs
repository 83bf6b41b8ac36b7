using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Messages;

/// <summary>
/// Something that the caller must do once the events are durable. Effects are not stored: after a crash
/// <see cref="CampaignMachine.Resume"/> returns those that still matter.
/// </summary>
public abstract record CampaignEffect;

/// <summary>Request the step's operation from the agent of the step's host. Safe to repeat: the agent answers a known operation from its journal.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Kind">The operation.</param>
/// <param name="Host">The name of the step's host.</param>
/// <param name="VirtualMachineId">The machine's GUID.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
/// <param name="Epoch">The fencing number: the agent rejects a lower one than it has seen.</param>
/// <param name="RecoveryPoint">The recovery point.</param>
/// <param name="ReplicationSettings">Settings that override the machine's own.</param>
/// <param name="IgnoredChecks">Ids of readiness checks that are accepted.</param>
public sealed record StartOperation(
    string Item,
    int Attempt,
    StepKind Kind,
    string Host,
    Guid VirtualMachineId,
    Guid OperationId,
    long Epoch,
    RecoveryPointChoice RecoveryPoint,
    ReplicationSettingsOverrides ReplicationSettings,
    IReadOnlyList<string> IgnoredChecks) : CampaignEffect
{
    /// <summary>
    /// The position of the agent's journal before the call was first sent. Null: it was never sent. Claim the campaign before sending it,
    /// and report the answer as <see cref="AttemptClaimed"/>.
    /// </summary>
    public AgentJournal? Journal { get; init; }

    /// <summary>Whether the call may have been sent before.</summary>
    public bool IsRepetition { get; init; }

    /// <summary>What a step over two hosts needs; null for a step that one agent makes.</summary>
    public PairOperation? Pair { get; init; }

    /// <summary>What a test failover needs; null for every other step.</summary>
    public DrillOperation? Drill { get; init; }
}

/// <summary>The test of a replica.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Spec">How.</param>
/// <param name="StartedBy">Who started the campaign.</param>
public sealed record DrillOperation(string Name, TestFailoverSpec Spec, string StartedBy)
{
    /// <summary>Why it is ended early; null while it is not. What it has made is removed; what has not been begun never is.</summary>
    public string? EndsBecause { get; init; }
}

/// <summary>Follow a step over two hosts, or a test, that was begun before, and report its state. A step that has ended is reported again.</summary>
/// <param name="Step">The step.</param>
public sealed record FollowPair(StartOperation Step) : CampaignEffect;

/// <summary>Stop following an item that was followed while it was held: it has been skipped, or its campaign has ended.</summary>
/// <param name="Item">The item's id.</param>
public sealed record StopFollowing(string Item) : CampaignEffect;

/// <summary>The machine and the two hosts of a step that goes over both.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="RecoveryHost">Where production runs.</param>
/// <param name="HomeHost">Where it returns to.</param>
/// <param name="Spec">How.</param>
/// <param name="OutageApprovedBy">Who approved the outages of the item's wave; empty when no approval was needed.</param>
public sealed record PairOperation(string Name, string RecoveryHost, string HomeHost, HostToHostSpec Spec, string OutageApprovedBy)
{
    /// <summary>Whether production goes back to where it ran, unless that would lose what was written at home.</summary>
    public bool GoesBack { get; init; }

    /// <summary>The drill that it is a way of; null when the machine goes home for good.</summary>
    public PairDrill? Drill { get; init; }
}

/// <summary>One way of a planned drill. On the way there, the host where the machine returns to is that of its replica.</summary>
/// <param name="IsWayBack">Whether it is the way home.</param>
/// <param name="StartedBy">Who started the campaign.</param>
/// <param name="ProofValidFor">How long it counts when the machine is home again.</param>
public sealed record PairDrill(bool IsWayBack, string StartedBy, TimeSpan ProofValidFor);

/// <summary>Follow an operation that was requested from the agent, and report its state.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host's name.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
public sealed record Watch(string Item, int Attempt, string Host, Guid OperationId) : CampaignEffect
{
    /// <summary>The position of the agent's journal before the operation was first sent; only while its acceptance is unknown.</summary>
    public AgentJournal? Journal { get; init; }
}

/// <summary>Ask the agent to terminate the operation's job. A person has confirmed it.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host's name.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CancelOperation(string Item, int Attempt, string Host, Guid OperationId, string Reason) : CampaignEffect;

/// <summary>Read the machine's replication state and report it as <see cref="StateRechecked"/>.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host's name.</param>
/// <param name="VirtualMachineId">The machine's GUID.</param>
public sealed record RecheckState(string Item, int Attempt, string Host, Guid VirtualMachineId) : CampaignEffect;

/// <summary>
/// Ask the host's agent whether the machine is ready, and report the answer as <see cref="ReadinessChecked"/>. Safe to
/// repeat. Retry until the agent answers; if no agent can answer at all, nothing need be reported.
/// </summary>
/// <param name="Item">The item's id.</param>
/// <param name="Revision">Returned in the report.</param>
/// <param name="Host">The host's name.</param>
/// <param name="VirtualMachineId">The machine's GUID.</param>
/// <param name="RecoveryPoint">The recovery point that would be used.</param>
/// <param name="IgnoredChecks">Ids of overridable readiness checks that are accepted.</param>
public sealed record CheckReadiness(
    string Item,
    long Revision,
    string Host,
    Guid VirtualMachineId,
    RecoveryPointChoice RecoveryPoint,
    IReadOnlyList<string> IgnoredChecks) : CampaignEffect;

/// <summary>
/// Create and start the run of a time as a campaign of its own, and report it as <see cref="RunBegun"/> or <see cref="RunLeftOut"/>. Safe to repeat: the run of a time has one id.
/// </summary>
/// <param name="Due">The time.</param>
/// <param name="Spec">The schedule.</param>
/// <param name="LastRun">The id of the run before, which must have ended; empty when there was none.</param>
/// <param name="StartedBy">Who started the schedule.</param>
public sealed record BeginRun(DateTimeOffset Due, ScheduleSpec Spec, string LastRun, string StartedBy) : CampaignEffect;

/// <summary>
/// Run a program of the site once for a wave, and report its end as <see cref="WaveProgramReported"/>. Never repeat it: <see cref="CampaignMachine.Resume"/> returns none.
/// </summary>
/// <param name="Wave">The wave's index, from 0.</param>
/// <param name="Name">The wave's name.</param>
/// <param name="Moment">When it is run.</param>
/// <param name="Run">Returned in the report.</param>
/// <param name="Program">The program.</param>
public sealed record RunWaveProgram(int Wave, string Name, WaveMoment Moment, int Run, string Program) : CampaignEffect;

/// <summary>Send <see cref="TimerElapsed"/> at this time. Replaces the previous timer.</summary>
/// <param name="Time">When.</param>
public sealed record WakeAt(DateTimeOffset Time) : CampaignEffect;

/// <summary>The campaign is terminal: nothing is left to do.</summary>
/// <param name="Status">The terminal state.</param>
public sealed record Ended(CampaignStatus Status) : CampaignEffect;
