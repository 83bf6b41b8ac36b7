namespace HostAgent.Campaigns.Events;

/// <summary>The campaign will start by itself.</summary>
/// <param name="StartTime">When.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignScheduled(DateTimeOffset StartTime, string Actor) : CampaignEvent;
