namespace HostAgent.Campaigns.Events;

/// <summary>Every item of the wave is terminal and its gate holds.</summary>
/// <param name="Wave">Its position, from 0.</param>
public sealed record WaveDone(int Wave) : CampaignEvent;
