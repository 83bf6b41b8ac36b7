namespace HostAgent.Campaigns.Events;

/// <summary>The same operation is sent again.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemRedelivered(string Item) : ItemEvent(Item);
