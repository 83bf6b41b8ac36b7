namespace HostAgent.Campaigns.Inputs;

/// <summary>The agent has no such operation, and no call that would make it is under way: nothing was started.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public sealed record OperationNotFound(string Item, int Attempt) : ItemReport(Item, Attempt);
