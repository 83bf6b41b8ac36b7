namespace HostAgent.Campaigns.Inputs;

/// <summary>The host says that the operation was cancelled.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptCancelled(string Item, int Attempt, string Explanation) : ItemReport(Item, Attempt);
