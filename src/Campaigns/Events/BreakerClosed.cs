namespace HostAgent.Campaigns.Events;

/// <summary>Items start on the host again; its failures are counted anew.</summary>
/// <param name="Host">The host's name.</param>
public sealed record BreakerClosed(string Host) : CampaignEvent;
