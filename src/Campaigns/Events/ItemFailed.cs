namespace HostAgent.Campaigns.Events;

/// <summary>The item has failed.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemFailed(string Item, string Reason, string Explanation) : ItemEvent(Item);
