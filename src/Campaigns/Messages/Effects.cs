using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Messages;

/// <summary>
/// Something that the caller must do after it has made the events durable. Effects are not stored: after a crash
/// <see cref="CampaignMachine.Resume"/> gives again those that still matter.
/// </summary>
public abstract record CampaignEffect;

/// <summary>Ask the agent of the step's host for the step's operation. Repeating it is safe: the agent answers a known operation from its journal.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Kind">Which operation.</param>
/// <param name="Host">The name of the step's host.</param>
/// <param name="VirtualMachineId">The machine's GUID.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
/// <param name="Epoch">The fencing number: the agent refuses a lower one than it has seen.</param>
/// <param name="RecoveryPoint">Which point in time.</param>
/// <param name="ReplicationSettings">Settings that replace the machine's own.</param>
/// <param name="IgnoredChecks">Readiness checks that are accepted.</param>
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
    /// Where the agent's journal stood before the call was sent for the first time. Null: it was never sent, and before it is, the
    /// campaign is claimed and the answer reported as <see cref="AttemptClaimed"/>.
    /// </summary>
    public AgentJournal? Journal { get; init; }

    /// <summary>Whether the call may have been sent before.</summary>
    public bool IsRepetition { get; init; }
}

/// <summary>Follow an operation that the agent has been asked for, and report what it says.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host's name.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
public sealed record Watch(string Item, int Attempt, string Host, Guid OperationId) : CampaignEffect
{
    /// <summary>What the agent's journal had come to before the operation was first sent; only while no acceptance of it is known.</summary>
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
/// Ask the host's agent whether the machine is ready, and report the answer as <see cref="ReadinessChecked"/>. Asking twice is
/// harmless. It is to be repeated until the agent answers; when nobody can answer at all, nothing need be reported.
/// </summary>
/// <param name="Item">The item's id.</param>
/// <param name="Revision">To be given back in the report.</param>
/// <param name="Host">The host's name.</param>
/// <param name="VirtualMachineId">The machine's GUID.</param>
/// <param name="RecoveryPoint">The point in time that would be used.</param>
/// <param name="IgnoredChecks">Readiness checks that are accepted, where they ask and do not block.</param>
public sealed record CheckReadiness(
    string Item,
    long Revision,
    string Host,
    Guid VirtualMachineId,
    RecoveryPointChoice RecoveryPoint,
    IReadOnlyList<string> IgnoredChecks) : CampaignEffect;

/// <summary>Send <see cref="TimerElapsed"/> at this time. It replaces the former one.</summary>
/// <param name="Time">When.</param>
public sealed record WakeAt(DateTimeOffset Time) : CampaignEffect;

/// <summary>The campaign is terminal: nothing is left to be done.</summary>
/// <param name="Status">How.</param>
public sealed record Ended(CampaignStatus Status) : CampaignEffect;
