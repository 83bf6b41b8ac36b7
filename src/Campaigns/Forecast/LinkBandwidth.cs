namespace HostAgent.Campaigns.Forecast;

/// <summary>What a link carries, as somebody assumes it. A link is a pair of source site and primary site.</summary>
/// <param name="Site">The source site, compared without case; empty together with <paramref name="PrimarySite"/> for every link that has no entry of its own.</param>
/// <param name="PrimarySite">The primary site.</param>
/// <param name="BytesPerSecond">The bandwidth, above 0.</param>
public sealed record LinkBandwidth(string Site, string PrimarySite, double BytesPerSecond);
