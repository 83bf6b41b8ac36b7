namespace HostAgent.Agent.Operations.Model;

/// <summary>Ties an operation to the campaign that asked for it.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="ItemId">The item within the campaign.</param>
/// <param name="Attempt">The attempt at the item, from 1.</param>
/// <param name="Epoch">The fencing number under which it was accepted.</param>
internal sealed record CampaignReference(Guid CampaignId, string ItemId, int Attempt, long Epoch);

/// <summary>A coordinator that acts for a campaign.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Epoch">Its fencing number.</param>
/// <param name="Coordinator">Its verified identity; empty where a journal of a former schema does not tell.</param>
/// <param name="Instance">The process, a UUID; empty when not told.</param>
internal sealed record CampaignClaim(Guid CampaignId, long Epoch, string Coordinator, string Instance);
