using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Events;

/// <summary>One or more causes of a pause have ended.</summary>
/// <param name="Causes">Those that ended.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignResumed(IReadOnlyList<PauseCause> Causes, string Actor, string Reason) : CampaignEvent;
