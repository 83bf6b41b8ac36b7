namespace HostAgent.Campaigns.Events;

/// <summary>A person asked for the end of the item's job, having confirmed the danger.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ItemCancelRequested(string Item, string Actor, string Reason) : ItemEvent(Item);
