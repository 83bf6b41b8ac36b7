namespace HostAgent.Campaigns.Events;

/// <summary>One item may start on the host, as a probe.</summary>
/// <param name="Host">The host's name.</param>
public sealed record BreakerHalfOpened(string Host) : CampaignEvent;
