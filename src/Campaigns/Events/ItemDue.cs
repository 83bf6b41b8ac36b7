namespace HostAgent.Campaigns.Events;

/// <summary>The pause before the next attempt is over.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemDue(string Item) : ItemEvent(Item);
