namespace HostAgent.Campaigns.Events;

/// <summary>A terminal campaign runs again, because items are to be retried or, after a stop, gone on with.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignReopened(string Actor) : CampaignEvent;
