using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Messages;

/// <summary>Something that <see cref="CampaignMachine.Handle"/> reacts to: a person's command, an agent's report, or the time.</summary>
public abstract record CampaignInput;

/// <summary>Stores a planned campaign. The first input of every machine.</summary>
/// <param name="Uid">The campaign's identity towards the agents.</param>
/// <param name="Spec">The valid document.</param>
/// <param name="Plan">Its plan, without problems.</param>
/// <param name="Document">The document's text as it was given.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CreateCampaign(Guid Uid, CampaignSpec Spec, CampaignPlan Plan, string Document, string Actor) : CampaignInput
{
    /// <summary>Whether the actor has accepted what the plan leaves out and warns of.</summary>
    public bool AcceptsWarnings { get; init; }
}

/// <summary>Replaces the document of a campaign that has not been started.</summary>
/// <param name="Spec">The valid document.</param>
/// <param name="Plan">Its plan, without problems.</param>
/// <param name="Document">The document's text as it was given.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record ReviseCampaign(CampaignSpec Spec, CampaignPlan Plan, string Document, string Actor) : CampaignInput
{
    /// <summary>Whether the actor has accepted what the plan leaves out and warns of.</summary>
    public bool AcceptsWarnings { get; init; }
}

/// <summary>Asks the agents now whether the items of a campaign that has not been started are ready, one item of each host at a time.</summary>
public sealed record PreflightCampaign : CampaignInput;

/// <summary>Starts the campaign now, or schedules it.</summary>
/// <param name="StartTime">When; null or past: now.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record StartCampaign(DateTimeOffset? StartTime, string Actor) : CampaignInput;

/// <summary>Stops starting items until <see cref="ResumeCampaign"/>. What runs goes on.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record PauseCampaign(string Actor, string Reason) : CampaignInput;

/// <summary>Starts items again. After a breach of the tolerance the budget is counted anew from here.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ResumeCampaign(string Actor, string Reason) : CampaignInput;

/// <summary>Ends the campaign for good: nothing new starts, what runs is watched to its end.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record StopCampaign(string Actor, string Reason) : CampaignInput;

/// <summary>Approves a wave's gate.</summary>
/// <param name="Wave">The wave's name.</param>
/// <param name="Actor">Who; must be one of the gate's approvers.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record ApproveWave(string Wave, string Actor, string Comment) : CampaignInput;

/// <summary>Rejects a wave's gate: the campaign pauses until it is approved after all, or stopped.</summary>
/// <param name="Wave">The wave's name.</param>
/// <param name="Actor">Who; must be one of the gate's approvers.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record RejectWave(string Wave, string Actor, string Comment) : CampaignInput;

/// <summary>
/// Starts new attempts at items that failed, were cancelled or skipped; a campaign that has ended runs again. A named item waits for
/// dependencies that are tried again with it or still to come; those that ended without success are overridden.
/// </summary>
/// <param name="Items">
/// The items' ids; empty for every failed one and those that were skipped for such items alone. A stopped campaign is retried as a
/// whole, without naming items: whatever it has not finished goes on.
/// </param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record RetryItems(IReadOnlyList<string> Items, string Actor, string Reason) : CampaignInput;

/// <summary>Terminates the host's job of one item in flight.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="ConfirmPossibleDataLoss">The caller has understood that a cancelled synchronisation can leave disks that must not be booted.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CancelItem(string Item, bool ConfirmPossibleDataLoss, string Actor, string Reason) : CampaignInput;

/// <summary>Marks an item that is not in flight as skipped.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record SkipItem(string Item, string Actor, string Reason) : CampaignInput;

/// <summary>Records a person's decision about an item whose outcome is unknown.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Succeeded">Whether the machine has been failed back.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; required.</param>
public sealed record ResolveItem(string Item, bool Succeeded, string Actor, string Reason) : CampaignInput;

/// <summary>Asks the host again about an item whose outcome is unknown.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record RecheckItem(string Item, string Actor) : CampaignInput;

/// <summary>The time has come that <see cref="WakeAt"/> named. Harmless at any other time.</summary>
public sealed record TimerElapsed : CampaignInput;
