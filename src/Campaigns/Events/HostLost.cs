namespace HostAgent.Campaigns.Events;

/// <summary>A host has gone out of reach.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record HostLost(string Host, string Explanation) : CampaignEvent;
