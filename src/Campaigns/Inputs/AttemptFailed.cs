namespace HostAgent.Campaigns.Inputs;

/// <summary>The attempt was refused, or it failed.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Class">How it may be tried again.</param>
/// <param name="FailureReason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptFailed(
    string Item,
    int Attempt,
    FailureClass Class,
    string FailureReason,
    string Explanation) : ItemReport(Item, Attempt);
