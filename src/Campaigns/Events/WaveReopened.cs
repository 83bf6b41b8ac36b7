namespace HostAgent.Campaigns.Events;

/// <summary>An item of a finished wave is tried again.</summary>
/// <param name="Wave">Its position, from 0.</param>
public sealed record WaveReopened(int Wave) : CampaignEvent;
