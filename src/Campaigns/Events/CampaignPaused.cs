using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Events;

/// <summary>Nothing starts from here.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Automatic">Whether it ends by itself when the cause does.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignPaused(PauseCause Cause, bool Automatic, string Actor, string Reason) : CampaignEvent;
