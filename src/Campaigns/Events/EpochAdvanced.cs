namespace HostAgent.Campaigns.Events;

/// <summary>A coordinator took the campaign over: calls of its former owner are fenced off from here.</summary>
/// <param name="Epoch">The new epoch.</param>
public sealed record EpochAdvanced(long Epoch) : CampaignEvent;
