namespace HostAgent.Campaigns.Inputs;

/// <summary>A host is within reach again.</summary>
/// <param name="Host">The host's name.</param>
public sealed record HostReachable(string Host) : CampaignInput;
