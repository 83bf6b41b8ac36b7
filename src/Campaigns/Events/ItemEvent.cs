namespace HostAgent.Campaigns.Events;

/// <summary>A fact about one item.</summary>
/// <param name="Item">The item's id.</param>
public abstract record ItemEvent(string Item) : CampaignEvent;
