namespace HostAgent.Campaigns.Events;

/// <summary>The agent has journaled the operation; it waits for a place on the host.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemAccepted(string Item) : ItemEvent(Item);
