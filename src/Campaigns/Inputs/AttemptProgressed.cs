namespace HostAgent.Campaigns.Inputs;

/// <summary>The host has made progress. Not a fact of the campaign: it only restarts the wait for progress.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Percent">How far it says it is, 0 to 100; null when it does not say. A lower one than before becomes an event.</param>
public sealed record AttemptProgressed(string Item, int Attempt, int? Percent = null) : ItemReport(Item, Attempt);
