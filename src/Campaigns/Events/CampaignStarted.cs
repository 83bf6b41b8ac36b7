namespace HostAgent.Campaigns.Events;

/// <summary>The campaign was started.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignStarted(string Actor) : CampaignEvent;
