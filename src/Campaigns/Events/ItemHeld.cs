namespace HostAgent.Campaigns.Events;

/// <summary>The item's turn had come, and it was not started since another copy of its machine is under way or home.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Explanation">One sentence.</param>
/// <param name="NextCheck">When it is looked at again.</param>
public sealed record ItemHeld(string Item, string Explanation, DateTimeOffset NextCheck) : ItemEvent(Item);
