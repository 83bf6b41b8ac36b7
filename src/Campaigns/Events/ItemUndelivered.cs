namespace HostAgent.Campaigns.Events;

/// <summary>The call to the agent failed or its answer was lost. The same operation is sent again.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="NextDelivery">When.</param>
/// <param name="MayHaveArrived">Whether the agent may have received it.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record ItemUndelivered(
    string Item,
    DateTimeOffset NextDelivery,
    bool MayHaveArrived,
    string Explanation) : ItemEvent(Item)
{
    /// <summary>Whether the agent refused this coordinator, rather than being out of reach.</summary>
    public bool IsFenced { get; init; }
}
