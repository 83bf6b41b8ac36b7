namespace HostAgent.Campaigns.Inputs;

/// <summary>Terminates the host's job of one item in flight.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="ConfirmPossibleDataLoss">The caller has understood that a cancelled synchronisation can leave disks that must not be booted.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CancelItem(string Item, bool ConfirmPossibleDataLoss, string Actor, string Reason) : CampaignInput;
