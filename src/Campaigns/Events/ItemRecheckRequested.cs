namespace HostAgent.Campaigns.Events;

/// <summary>A person asked for another look at an item of unknown outcome.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record ItemRecheckRequested(string Item, string Actor) : ItemEvent(Item);
