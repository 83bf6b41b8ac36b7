namespace HostAgent.Campaigns.Inputs;

/// <summary>Starts the campaign now, or schedules it.</summary>
/// <param name="StartTime">When; null or past: now.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record StartCampaign(DateTimeOffset? StartTime, string Actor) : CampaignInput;
