namespace HostAgent.Campaigns.Events;

/// <summary>The machine has been failed back.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="WithWarnings">Whether there were warnings.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemSucceeded(string Item, bool WithWarnings, string Explanation) : ItemEvent(Item);
