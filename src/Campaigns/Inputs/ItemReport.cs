namespace HostAgent.Campaigns.Inputs;

/// <summary>What an agent, or the way to it, reports about one attempt at an item.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public abstract record ItemReport(string Item, int Attempt) : CampaignInput;
