using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Messages;

/// <summary>The campaign was stored.</summary>
/// <param name="Uid">Its identity towards the agents.</param>
/// <param name="Spec">The document, with its defaults.</param>
/// <param name="Document">The document's text.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignCreated(Guid Uid, CampaignSpec Spec, string Document, string Actor) : CampaignEvent;

/// <summary>The document was replaced; the former items are void.</summary>
/// <param name="Spec">The document, with its defaults.</param>
/// <param name="Document">The document's text.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignRevised(CampaignSpec Spec, string Document, string Actor) : CampaignEvent;

/// <summary>The plan is complete.</summary>
/// <param name="Dependencies">The dependencies between the items.</param>
public sealed record CampaignPlanned(IReadOnlyList<PlannedDependency> Dependencies) : CampaignEvent
{
    /// <summary>What the plan left out and warned of; null when there is nothing to note.</summary>
    public PlanNotes? Notes { get; init; }
}

/// <summary>Items of the plan, in its order. A large plan comes in several of these.</summary>
/// <param name="Items">The items.</param>
public sealed record ItemsPlanned(IReadOnlyList<PlannedItem> Items) : CampaignEvent;

/// <summary>The campaign will start by itself.</summary>
/// <param name="StartTime">When.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignScheduled(DateTimeOffset StartTime, string Actor) : CampaignEvent;

/// <summary>The campaign was started.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignStarted(string Actor) : CampaignEvent;

/// <summary>Nothing starts from here.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Automatic">Whether it ends by itself when the cause does.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignPaused(PauseCause Cause, bool Automatic, string Actor, string Reason) : CampaignEvent;

/// <summary>One or more causes of a pause have ended.</summary>
/// <param name="Causes">Those that ended.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignResumed(IReadOnlyList<PauseCause> Causes, string Actor, string Reason) : CampaignEvent;

/// <summary>Nothing starts any more; what runs is watched to its end.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignStopping(string Actor, string Reason) : CampaignEvent;

/// <summary>The campaign is terminal.</summary>
/// <param name="Status">How.</param>
public sealed record CampaignEnded(CampaignStatus Status) : CampaignEvent;

/// <summary>A terminal campaign runs again, because items are to be retried or, after a stop, gone on with.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignReopened(string Actor) : CampaignEvent;

/// <summary>More failures than tolerated.</summary>
/// <param name="Scope">failures or window.</param>
/// <param name="Failures">How many there were.</param>
/// <param name="Tolerated">How many are tolerated.</param>
public sealed record ToleranceBreached(string Scope, int Failures, int Tolerated) : CampaignEvent;

/// <summary>A coordinator took the campaign over: calls of its former owner are fenced off from here.</summary>
/// <param name="Epoch">The new epoch.</param>
public sealed record EpochAdvanced(long Epoch) : CampaignEvent;
