namespace HostAgent.Campaigns.Inputs;

/// <summary>Asks the host again about an item whose outcome is unknown.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record RecheckItem(string Item, string Actor) : CampaignInput;
