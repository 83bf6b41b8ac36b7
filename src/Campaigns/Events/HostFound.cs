namespace HostAgent.Campaigns.Events;

/// <summary>A host is within reach again.</summary>
/// <param name="Host">The host's name.</param>
public sealed record HostFound(string Host) : CampaignEvent;
