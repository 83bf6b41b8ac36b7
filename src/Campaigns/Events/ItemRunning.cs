namespace HostAgent.Campaigns.Events;

/// <summary>The host is at work.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemRunning(string Item) : ItemEvent(Item);
