namespace HostAgent.Campaigns.Events;

/// <summary>The wave's soak is over.</summary>
/// <param name="Wave">Its position, from 0.</param>
public sealed record WaveSoaked(int Wave) : CampaignEvent;
