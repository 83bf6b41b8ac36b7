using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Messages;

/// <summary>The campaign was created.</summary>
/// <param name="Uid">Its identity for the agents.</param>
/// <param name="Spec">The document, with its defaults.</param>
/// <param name="Document">The document's text.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record CampaignCreated(Guid Uid, CampaignSpec Spec, string Document, string Actor) : CampaignEvent;

/// <summary>The document was replaced; the previous items are void.</summary>
/// <param name="Spec">The document, with its defaults.</param>
/// <param name="Document">The document's text.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record CampaignRevised(CampaignSpec Spec, string Document, string Actor) : CampaignEvent;

/// <summary>The plan is complete.</summary>
/// <param name="Dependencies">The dependencies between the items.</param>
public sealed record CampaignPlanned(IReadOnlyList<PlannedDependency> Dependencies) : CampaignEvent
{
    /// <summary>The sets whose services go down together; null for none.</summary>
    public IReadOnlyList<PlannedSet>? Together { get; init; }

    /// <summary>What the plan left out and warned about; null when there is nothing to note.</summary>
    public PlanNotes? Notes { get; init; }
}

/// <summary>Items of the plan, in order. A large plan is split over several of these events.</summary>
/// <param name="Items">The items.</param>
public sealed record ItemsPlanned(IReadOnlyList<PlannedItem> Items) : CampaignEvent;

/// <summary>The campaign will start at a given time.</summary>
/// <param name="StartTime">When.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record CampaignScheduled(DateTimeOffset StartTime, string Actor) : CampaignEvent
{
    /// <summary>What the forecast that is made at the start may assume; null for nothing.</summary>
    public ForecastAssumptions? Assumptions { get; init; }
}

/// <summary>The campaign was started.</summary>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record CampaignStarted(string Actor) : CampaignEvent
{
    /// <summary>What the forecast that is made now may assume; null for nothing.</summary>
    public ForecastAssumptions? Assumptions { get; init; }
}

/// <summary>The forecast that the campaign was started with.</summary>
/// <param name="Forecast">The forecast.</param>
public sealed record CampaignForecasted(StartForecast Forecast) : CampaignEvent;

/// <summary>The time of a run has come: it is to begin.</summary>
/// <param name="Due">Its time.</param>
/// <param name="Next">The time of the next one; null when there is none.</param>
public sealed record ScheduledRunDue(DateTimeOffset Due, DateTimeOffset? Next) : CampaignEvent;

/// <summary>A run has begun.</summary>
/// <param name="Due">Its time.</param>
/// <param name="Run">The campaign's id.</param>
public sealed record ScheduledRunBegun(DateTimeOffset Due, string Run) : CampaignEvent;

/// <summary>A run was left out.</summary>
/// <param name="Due">Its time.</param>
/// <param name="Reason">Why.</param>
public sealed record ScheduledRunSkipped(DateTimeOffset Due, string Reason) : CampaignEvent;

/// <summary>No item starts from here on.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Automatic">Whether the pause ends automatically when its cause does.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignPaused(PauseCause Cause, bool Automatic, string Actor, string Reason) : CampaignEvent;

/// <summary>One or more causes of a pause have ended.</summary>
/// <param name="Causes">Those that ended.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignResumed(IReadOnlyList<PauseCause> Causes, string Actor, string Reason) : CampaignEvent;

/// <summary>The window of a phase of pairs has opened or closed. What is under way in it goes on.</summary>
/// <param name="Phase">Which phase.</param>
/// <param name="IsOpen">Whether it has opened.</param>
/// <param name="Until">When it changes again.</param>
public sealed record PhaseWindowChanged(PairPhase Phase, bool IsOpen, DateTimeOffset Until) : CampaignEvent;

/// <summary>No item starts any more; running items are followed to their end.</summary>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignStopping(string Actor, string Reason) : CampaignEvent
{
    /// <summary>Whether machines whose outage is under way go back to where production ran.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool TakesBack { get; init; }
}

/// <summary>The campaign is terminal.</summary>
/// <param name="Status">The terminal state.</param>
public sealed record CampaignEnded(CampaignStatus Status) : CampaignEvent;

/// <summary>A terminal campaign runs again: items are retried or, after a stop, continued.</summary>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record CampaignReopened(string Actor) : CampaignEvent;

/// <summary>More items failed than are tolerated.</summary>
/// <param name="Scope">failures or window.</param>
/// <param name="Failures">How many there were.</param>
/// <param name="Tolerated">How many are tolerated.</param>
public sealed record ToleranceBreached(string Scope, int Failures, int Tolerated) : CampaignEvent;

/// <summary>A coordinator took over the campaign: calls of the previous owner are fenced from here on.</summary>
/// <param name="Epoch">The new epoch.</param>
public sealed record EpochAdvanced(long Epoch) : CampaignEvent;
