namespace HostAgent.Campaigns.Inputs;

/// <summary>The host has made progress. Not a fact of the campaign: it only restarts the wait for progress.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public sealed record AttemptProgressed(string Item, int Attempt) : ItemReport(Item, Attempt);
