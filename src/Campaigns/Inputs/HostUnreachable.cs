namespace HostAgent.Campaigns.Inputs;

/// <summary>A host has gone out of reach.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record HostUnreachable(string Host, string Explanation) : CampaignInput;
