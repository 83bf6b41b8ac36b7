using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Messages;

/// <summary>An input of <see cref="CampaignMachine.Handle"/>: a person's command, an agent's report, or a timer.</summary>
public abstract record CampaignInput;

/// <summary>Creates a planned campaign. The first input of every machine.</summary>
/// <param name="Uid">The campaign's identity for the agents.</param>
/// <param name="Spec">The valid document.</param>
/// <param name="Plan">Its plan, without problems.</param>
/// <param name="Document">The document's original text.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record CreateCampaign(Guid Uid, CampaignSpec Spec, CampaignPlan Plan, string Document, string Actor) : CampaignInput
{
    /// <summary>Whether the actor has accepted what the plan leaves out and warns about.</summary>
    public bool AcceptsWarnings { get; init; }
}

/// <summary>Replaces the document of a campaign that has not been started.</summary>
/// <param name="Spec">The valid document.</param>
/// <param name="Plan">Its plan, without problems.</param>
/// <param name="Document">The document's original text.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record ReviseCampaign(CampaignSpec Spec, CampaignPlan Plan, string Document, string Actor) : CampaignInput
{
    /// <summary>Whether the actor has accepted what the plan leaves out and warns about.</summary>
    public bool AcceptsWarnings { get; init; }
}

/// <summary>Checks now whether the items of a campaign that has not been started are ready, one item per host at a time.</summary>
public sealed record PreflightCampaign : CampaignInput;

/// <summary>Starts the campaign now, or schedules it.</summary>
/// <param name="StartTime">When; null or past: now.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record StartCampaign(DateTimeOffset? StartTime, string Actor) : CampaignInput
{
    /// <summary>What the forecast that is made at the start may assume; null for nothing.</summary>
    public ForecastAssumptions? Assumptions { get; init; }
}

/// <summary>Keeps the forecast that was made for the start. The first one counts, and none once an item has ended.</summary>
/// <param name="Forecast">The forecast.</param>
public sealed record NoteForecast(StartForecast Forecast) : CampaignInput;

/// <summary>Stops starting items until <see cref="ResumeCampaign"/>. Running items continue.</summary>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record PauseCampaign(string Actor, string Reason) : CampaignInput;

/// <summary>Starts items again. After a breach of the tolerance, failures are counted from zero.</summary>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ResumeCampaign(string Actor, string Reason) : CampaignInput;

/// <summary>Ends the campaign for good: no item starts, running items are followed to their end.</summary>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record StopCampaign(string Actor, string Reason) : CampaignInput
{
    /// <summary>Whether machines whose outage is under way go back to where production ran, unless that would lose what was written at home.</summary>
    public bool TakesBack { get; init; }
}

/// <summary>Approves a wave's gate.</summary>
/// <param name="Wave">The wave's name.</param>
/// <param name="Actor">Who; must be one of the gate's approvers.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record ApproveWave(string Wave, string Actor, string Comment) : CampaignInput
{
    /// <summary>Whether the outages of the way back of a drill are approved, and nothing else.</summary>
    public bool WayBack { get; init; }
}

/// <summary>Rejects a wave's gate: the campaign pauses until the gate is approved or the campaign is stopped.</summary>
/// <param name="Wave">The wave's name.</param>
/// <param name="Actor">Who; must be one of the gate's approvers.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record RejectWave(string Wave, string Actor, string Comment) : CampaignInput;

/// <summary>Ends what soaks in a wave before its time: its gate, and the machines of a planned drill that are left running at the recovery site now.</summary>
/// <param name="Wave">The wave's name.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record EndSoak(string Wave, string Actor, string Comment) : CampaignInput;

/// <summary>
/// Starts new attempts at items that failed, were cancelled or skipped; a campaign that has ended runs again. A named item waits for
/// dependencies that are retried with it or have yet to run; dependencies that ended without success are overridden.
/// </summary>
/// <param name="Items">
/// The items' ids; empty for every failed item and those skipped only because of such items. A stopped campaign is retried as a
/// whole, without naming items: everything unfinished continues.
/// </param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record RetryItems(IReadOnlyList<string> Items, string Actor, string Reason) : CampaignInput;

/// <summary>Terminates the host's job of one item in flight.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="ConfirmPossibleDataLoss">The caller understands that a cancelled synchronisation can leave disks that must not be booted.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CancelItem(string Item, bool ConfirmPossibleDataLoss, string Actor, string Reason) : CampaignInput;

/// <summary>Marks an item that is not in flight as skipped.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record SkipItem(string Item, string Actor, string Reason) : CampaignInput;

/// <summary>Records a person's decision about an item whose outcome is unknown.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Succeeded">Whether the machine has been failed back.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; required.</param>
public sealed record ResolveItem(string Item, bool Succeeded, string Actor, string Reason) : CampaignInput;

/// <summary>Checks the host again for an item whose outcome is unknown.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record RecheckItem(string Item, string Actor) : CampaignInput;

/// <summary>The time set by <see cref="WakeAt"/> has come. Harmless at any other time.</summary>
public sealed record TimerElapsed : CampaignInput;
