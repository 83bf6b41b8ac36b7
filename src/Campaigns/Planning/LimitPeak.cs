namespace HostAgent.Campaigns.Planning;

/// <summary>How high a limit is reached.</summary>
/// <param name="Limit">campaign, host, site, link or tenant.</param>
/// <param name="Key">Which host, site, link or tenant; empty for the campaign.</param>
/// <param name="Allowed">The number allowed.</param>
/// <param name="Peak">The highest number in flight at once that the items can reach.</param>
public sealed record LimitPeak(string Limit, string Key, int Allowed, int Peak);
