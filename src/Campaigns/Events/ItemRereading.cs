namespace HostAgent.Campaigns.Events;

/// <summary>The attempt has ended without an answer: the machine's replication state is read.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="FailsUnlessDone">Whether anything but "already done" fails the item.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemRereading(string Item, bool FailsUnlessDone, string Reason, string Explanation) : ItemEvent(Item)
{
    /// <summary>Whether anything but "already done" or "in progress" leaves the outcome unknown: the operation may have run.</summary>
    public bool LosesTrackUnlessDone { get; init; }
}
