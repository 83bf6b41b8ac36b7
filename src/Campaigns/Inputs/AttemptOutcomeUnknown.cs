namespace HostAgent.Campaigns.Inputs;

/// <summary>The agent cannot say how the operation ended: the job is gone and the machine's state decides nothing.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptOutcomeUnknown(string Item, int Attempt, string Explanation) : ItemReport(Item, Attempt);
