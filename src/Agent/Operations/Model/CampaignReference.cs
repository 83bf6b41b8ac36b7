namespace HostAgent.Agent.Operations.Model;

/// <summary>The campaign that requested an operation.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="ItemId">The item within the campaign.</param>
/// <param name="Attempt">The attempt at the item, from 1.</param>
/// <param name="Epoch">The fencing number under which it was accepted.</param>
internal sealed record CampaignReference(Guid CampaignId, string ItemId, int Attempt, long Epoch);

/// <summary>A coordinator that acts for a campaign.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Epoch">Its fencing number.</param>
/// <param name="Coordinator">Its verified identity; empty in a journal of an older schema.</param>
/// <param name="Instance">The process, a UUID; empty when unknown.</param>
internal sealed record CampaignClaim(Guid CampaignId, long Epoch, string Coordinator, string Instance);
