namespace HostAgent.Campaigns.Inputs;

/// <summary>What the look at the machine's replication state gave; the answer to <see cref="Effects.RereadState"/>.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Explanation">One sentence for a person, with the state's name.</param>
public sealed record StateReread(string Item, int Attempt, StateVerdict Verdict, string Explanation) : ItemReport(Item, Attempt);
