namespace HostAgent.Campaigns.Events;

/// <summary>The attempt has failed and there will be another.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="NextAttempt">When.</param>
/// <param name="NotReady">Whether readiness checks did not pass.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemRetryScheduled(
    string Item,
    DateTimeOffset NextAttempt,
    bool NotReady,
    string Reason,
    string Explanation) : ItemEvent(Item);
