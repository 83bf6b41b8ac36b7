namespace HostAgent.Campaigns.Events;

/// <summary>The look at the machine's state decided nothing: the outcome stays unknown.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemRechecked(string Item, string Explanation) : ItemEvent(Item);
