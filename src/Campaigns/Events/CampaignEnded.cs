using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Events;

/// <summary>The campaign is terminal.</summary>
/// <param name="Status">How.</param>
public sealed record CampaignEnded(CampaignStatus Status) : CampaignEvent;
