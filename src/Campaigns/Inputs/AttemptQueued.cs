namespace HostAgent.Campaigns.Inputs;

/// <summary>The agent has journaled the operation; it waits for a place on the host.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public sealed record AttemptQueued(string Item, int Attempt) : ItemReport(Item, Attempt);
