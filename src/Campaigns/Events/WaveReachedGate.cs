namespace HostAgent.Campaigns.Events;

/// <summary>Every item of the wave is terminal; its gate does not hold yet.</summary>
/// <param name="Wave">Its position, from 0.</param>
public sealed record WaveReachedGate(int Wave) : CampaignEvent;
