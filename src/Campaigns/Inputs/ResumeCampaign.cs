namespace HostAgent.Campaigns.Inputs;

/// <summary>Starts items again. After a breach of the tolerance the budget is counted anew from here.</summary>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ResumeCampaign(string Actor, string Reason) : CampaignInput;
