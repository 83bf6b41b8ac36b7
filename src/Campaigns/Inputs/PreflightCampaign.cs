namespace HostAgent.Campaigns.Inputs;

/// <summary>Asks the agents now whether the items of a campaign that has not been started are ready, one item of each host at a time.</summary>
public sealed record PreflightCampaign : CampaignInput;
