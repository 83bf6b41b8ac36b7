using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Events;

/// <summary>The agent's journal stood here right before the attempt's call was sent for the first time.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Journal">Where it stood.</param>
public sealed record ItemClaimed(string Item, AgentJournal Journal) : ItemEvent(Item);

/// <summary>The attempt takes longer than the document expects. Its job is at work and keeps its place under the limits.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Reason">NO_PROGRESS or ITEM_TIMEOUT.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemOverdue(string Item, string Reason, string Explanation) : ItemEvent(Item);
