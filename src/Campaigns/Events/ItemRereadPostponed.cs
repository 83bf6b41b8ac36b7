namespace HostAgent.Campaigns.Events;

/// <summary>The machine's state says that a failback is in progress; it is read again later.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="NextLook">When.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemRereadPostponed(string Item, DateTimeOffset NextLook, string Explanation) : ItemEvent(Item);
