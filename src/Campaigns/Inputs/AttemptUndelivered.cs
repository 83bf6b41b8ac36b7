namespace HostAgent.Campaigns.Inputs;

/// <summary>The call to the agent could not be made, or its answer was lost: the agent may or may not have the operation.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="MayHaveArrived">False only when it is certain that the agent has not received the call, for example because no connection came about.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record AttemptUndelivered(
    string Item,
    int Attempt,
    bool MayHaveArrived,
    string Explanation) : ItemReport(Item, Attempt);
