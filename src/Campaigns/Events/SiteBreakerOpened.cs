namespace HostAgent.Campaigns.Events;

/// <summary>Nothing new starts on any host of the site.</summary>
/// <param name="Site">The site's name.</param>
/// <param name="Until">When a probe may be made.</param>
/// <param name="Unreachable">Whether it is for want of answers, not for failures.</param>
/// <param name="Reason">Why.</param>
public sealed record SiteBreakerOpened(string Site, DateTimeOffset Until, bool Unreachable, string Reason) : CampaignEvent;
