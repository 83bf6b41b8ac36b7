namespace HostAgent.Campaigns.Events;

/// <summary>Nothing starts any more; what runs is watched to its end.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CampaignStopping(string Actor, string Reason) : CampaignEvent;
