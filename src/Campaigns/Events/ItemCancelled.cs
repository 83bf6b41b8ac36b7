namespace HostAgent.Campaigns.Events;

/// <summary>The operation was cancelled.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemCancelled(string Item, string Explanation) : ItemEvent(Item);
