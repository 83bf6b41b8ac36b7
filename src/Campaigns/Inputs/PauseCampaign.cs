namespace HostAgent.Campaigns.Inputs;

/// <summary>Stops starting items until <see cref="ResumeCampaign"/>. What runs goes on.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record PauseCampaign(string Actor, string Reason) : CampaignInput;
