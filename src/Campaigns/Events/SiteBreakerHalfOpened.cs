namespace HostAgent.Campaigns.Events;

/// <summary>One item may start on the site, as a probe.</summary>
/// <param name="Site">The site's name.</param>
public sealed record SiteBreakerHalfOpened(string Site) : CampaignEvent;
