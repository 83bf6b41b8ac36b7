namespace HostAgent.Campaigns.Messages;

/// <summary>A host has become unreachable.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record HostLost(string Host, string Explanation) : CampaignEvent;

/// <summary>A host is reachable again.</summary>
/// <param name="Host">The host's name.</param>
public sealed record HostFound(string Host) : CampaignEvent;

/// <summary>No item starts on the host.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Until">When a probe may be made.</param>
/// <param name="Unreachable">Whether the cause is missing answers, not failures.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record BreakerOpened(string Host, DateTimeOffset Until, bool Unreachable, string Reason) : CampaignEvent;

/// <summary>One item may start on the host, as a probe.</summary>
/// <param name="Host">The host's name.</param>
public sealed record BreakerHalfOpened(string Host) : CampaignEvent;

/// <summary>Items start on the host again; its failures are counted from zero.</summary>
/// <param name="Host">The host's name.</param>
public sealed record BreakerClosed(string Host) : CampaignEvent;

/// <summary>No item starts on any host of the site.</summary>
/// <param name="Site">The site's name.</param>
/// <param name="Until">When a probe may be made.</param>
/// <param name="Unreachable">Whether the cause is missing answers, not failures.</param>
/// <param name="Reason">Why.</param>
public sealed record SiteBreakerOpened(string Site, DateTimeOffset Until, bool Unreachable, string Reason) : CampaignEvent;

/// <summary>One item may start on the site, as a probe.</summary>
/// <param name="Site">The site's name.</param>
public sealed record SiteBreakerHalfOpened(string Site) : CampaignEvent;

/// <summary>Items start on the site again.</summary>
/// <param name="Site">The site's name.</param>
public sealed record SiteBreakerClosed(string Site) : CampaignEvent;
