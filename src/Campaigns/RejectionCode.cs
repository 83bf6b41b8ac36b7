namespace HostAgent.Campaigns;

/// <summary>The kinds of refusal of a command.</summary>
public enum RejectionCode
{
    /// <summary>The campaign's state does not allow it.</summary>
    CampaignState,

    /// <summary>The campaign has no such item.</summary>
    ItemNotFound,

    /// <summary>The item's state does not allow it.</summary>
    ItemState,

    /// <summary>The campaign has no such wave, or the wave no gate to approve.</summary>
    NoGate,

    /// <summary>The wave has not come to its gate, or is past it.</summary>
    GateState,

    /// <summary>The caller is none of the gate's approvers.</summary>
    NotAnApprover,

    /// <summary>The danger of the command must be confirmed.</summary>
    ConfirmationRequired,

    /// <summary>A reason is required.</summary>
    ReasonRequired,
}
