namespace HostAgent.Campaigns.Effects;

/// <summary>Send <see cref="Inputs.TimerElapsed"/> at this time. It replaces the former one.</summary>
/// <param name="Time">When.</param>
public sealed record WakeAt(DateTimeOffset Time) : CampaignEffect;
