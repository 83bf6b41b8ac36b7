namespace HostAgent.Campaigns.Inputs;

/// <summary>The time has come that <see cref="Effects.WakeAt"/> named. Harmless at any other time.</summary>
public sealed record TimerElapsed : CampaignInput;
