namespace HostAgent.Campaigns.Inputs;

/// <summary>The machine has been failed back.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="WithWarnings">Whether the host reported warnings.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptSucceeded(string Item, int Attempt, bool WithWarnings, string Explanation) : ItemReport(Item, Attempt);
