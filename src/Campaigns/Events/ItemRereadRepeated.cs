namespace HostAgent.Campaigns.Events;

/// <summary>The machine's state is read again.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemRereadRepeated(string Item) : ItemEvent(Item);
