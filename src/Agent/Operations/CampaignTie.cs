namespace HostAgent.Agent.Operations;

/// <summary>Ties an operation to the campaign that asked for it.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="ItemId">The item within the campaign.</param>
/// <param name="Attempt">The attempt at the item, from 1.</param>
/// <param name="Epoch">The fencing number under which it was accepted.</param>
internal sealed record CampaignTie(Guid CampaignId, string ItemId, int Attempt, long Epoch);
