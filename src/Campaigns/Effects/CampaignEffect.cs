namespace HostAgent.Campaigns.Effects;

/// <summary>
/// Something that the caller must do after it has made the events durable. Effects are not stored: after a crash
/// <see cref="CampaignMachine.Resume"/> gives again those that still matter.
/// </summary>
public abstract record CampaignEffect;
