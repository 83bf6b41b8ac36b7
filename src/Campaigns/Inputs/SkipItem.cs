namespace HostAgent.Campaigns.Inputs;

/// <summary>Marks an item that is not in flight as skipped.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record SkipItem(string Item, string Actor, string Reason) : CampaignInput;
