namespace HostAgent.Campaigns.Events;

/// <summary>Nothing new starts on the host.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Until">When a probe may be made.</param>
/// <param name="Unreachable">Whether it is for want of an answer, not for failures.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record BreakerOpened(string Host, DateTimeOffset Until, bool Unreachable, string Reason) : CampaignEvent;
