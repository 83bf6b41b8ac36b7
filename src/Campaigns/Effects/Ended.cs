using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Effects;

/// <summary>The campaign is terminal: nothing is left to be done.</summary>
/// <param name="Status">How.</param>
public sealed record Ended(CampaignStatus Status) : CampaignEffect;
