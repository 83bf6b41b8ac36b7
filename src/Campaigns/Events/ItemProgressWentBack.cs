namespace HostAgent.Campaigns.Events;

/// <summary>The host says less of an attempt's progress than it has said before. Progress that grows is no event.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="From">The highest percentage said so far.</param>
/// <param name="To">The percentage said now.</param>
public sealed record ItemProgressWentBack(string Item, int From, int To) : ItemEvent(Item);
