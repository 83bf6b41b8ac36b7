namespace HostAgent.Campaigns.Events;

/// <summary>A person decided how an item of unknown outcome ended.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Succeeded">Whether the machine has been failed back.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ItemResolved(string Item, bool Succeeded, string Actor, string Reason) : ItemEvent(Item);
