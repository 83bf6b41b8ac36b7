namespace HostAgent.Campaigns.Events;

/// <summary>A person asked for new attempts.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ItemRetryRequested(string Item, string Actor, string Reason) : ItemEvent(Item)
{
    /// <summary>Whether the item waits for its dependencies as before; else they no longer hold it back.</summary>
    public bool KeepsDependencies { get; init; }
}
