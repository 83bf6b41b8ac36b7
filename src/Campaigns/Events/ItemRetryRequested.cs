namespace HostAgent.Campaigns.Events;

/// <summary>A person asked for new attempts. Dependencies no longer hold it back.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ItemRetryRequested(string Item, string Actor, string Reason) : ItemEvent(Item);
