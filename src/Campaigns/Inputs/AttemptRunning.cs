namespace HostAgent.Campaigns.Inputs;

/// <summary>The host has accepted the call and is at work.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public sealed record AttemptRunning(string Item, int Attempt) : ItemReport(Item, Attempt);
