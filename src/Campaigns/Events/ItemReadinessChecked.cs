namespace HostAgent.Campaigns.Events;

/// <summary>The agent has checked whether the item is ready, or could not be asked.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Ready">Whether nothing stands against its failback.</param>
/// <param name="Reasons">What does, one sentence each; empty when ready.</param>
/// <param name="ReplicationState">The machine's replication state as it was seen; empty when it was not.</param>
/// <param name="NextCheck">When it is checked again; null when that is not decided by the time.</param>
public sealed record ItemReadinessChecked(
    string Item,
    bool Ready,
    IReadOnlyList<string> Reasons,
    string ReplicationState,
    DateTimeOffset? NextCheck) : ItemEvent(Item);
