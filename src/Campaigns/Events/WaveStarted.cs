namespace HostAgent.Campaigns.Events;

/// <summary>The wave's items may start.</summary>
/// <param name="Wave">Its position, from 0.</param>
public sealed record WaveStarted(int Wave) : CampaignEvent;
