namespace HostAgent.Campaigns.Events;

/// <summary>The item will not be started.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who decided; null when a dependency did.</param>
/// <param name="Dependency">The item that did not succeed; null when a person decided.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemSkipped(string Item, string? Actor, string? Dependency, string Explanation) : ItemEvent(Item);
