namespace HostAgent.Campaigns.Inputs;

/// <summary>Ends the campaign for good: nothing new starts, what runs is watched to its end.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record StopCampaign(string Actor, string Reason) : CampaignInput;
