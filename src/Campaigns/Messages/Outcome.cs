namespace HostAgent.Campaigns.Messages;

/// <summary>What a machine decided. The events are already applied to its state.</summary>
/// <param name="Events">To be made durable, all or none, expecting the version before them.</param>
/// <param name="Effects">To be carried out only after the events are durable, in this order.</param>
/// <param name="Rejection">Why a command was refused; null when it was not. A refused command has no events of its own.</param>
public sealed record Outcome(IReadOnlyList<CampaignEvent> Events, IReadOnlyList<CampaignEffect> Effects, Rejection? Rejection);

/// <summary>Why a command was refused.</summary>
/// <param name="Code">The kind of refusal.</param>
/// <param name="Message">One sentence with the subject, its state and what is allowed.</param>
public sealed record Rejection(RejectionCode Code, string Message);

/// <summary>The kinds of refusal of a command.</summary>
public enum RejectionCode
{
    /// <summary>The campaign's state does not allow it.</summary>
    CampaignState,

    /// <summary>The campaign has no such item.</summary>
    ItemNotFound,

    /// <summary>The item's state does not allow it.</summary>
    ItemState,

    /// <summary>The campaign has no such wave, or the wave has no gate to approve.</summary>
    NoGate,

    /// <summary>The wave has not reached its gate, or is past it.</summary>
    GateState,

    /// <summary>The caller is not one of the gate's approvers.</summary>
    NotAnApprover,

    /// <summary>The command is dangerous and must be confirmed.</summary>
    ConfirmationRequired,

    /// <summary>A reason is required.</summary>
    ReasonRequired,
}
