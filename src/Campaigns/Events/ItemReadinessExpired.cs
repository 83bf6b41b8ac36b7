namespace HostAgent.Campaigns.Events;

/// <summary>What was found about the item's readiness is no longer true.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Explanation">Why, in one sentence.</param>
public sealed record ItemReadinessExpired(string Item, string Explanation) : ItemEvent(Item);
