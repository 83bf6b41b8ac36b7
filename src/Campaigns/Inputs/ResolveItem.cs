namespace HostAgent.Campaigns.Inputs;

/// <summary>Records a person's decision about an item whose outcome is unknown.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Succeeded">Whether the machine has been failed back.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; required.</param>
public sealed record ResolveItem(string Item, bool Succeeded, string Actor, string Reason) : CampaignInput;
