namespace HostAgent.Campaigns.Events;

/// <summary>More failures than tolerated.</summary>
/// <param name="Scope">failures or window.</param>
/// <param name="Failures">How many there were.</param>
/// <param name="Tolerated">How many are tolerated.</param>
public sealed record ToleranceBreached(string Scope, int Failures, int Tolerated) : CampaignEvent;
