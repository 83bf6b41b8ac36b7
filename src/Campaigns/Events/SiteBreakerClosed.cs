namespace HostAgent.Campaigns.Events;

/// <summary>Items start on the site again.</summary>
/// <param name="Site">The site's name.</param>
public sealed record SiteBreakerClosed(string Site) : CampaignEvent;
