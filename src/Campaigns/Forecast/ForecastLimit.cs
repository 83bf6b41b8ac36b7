namespace HostAgent.Campaigns.Forecast;

/// <summary>How high a limit is reached in the run of median length, over all that it counts separately.</summary>
/// <param name="Limit">campaign, host, site, link or tenant; agent for the hosts' own bound.</param>
/// <param name="Allowed">The number allowed; where hosts differ, the highest.</param>
/// <param name="Peak">The highest number in flight at once in any of them.</param>
/// <param name="Keys">How many hosts, sites, links or tenants there are; 1 for the campaign.</param>
/// <param name="Full">How many of them were full at some time.</param>
public sealed record ForecastLimit(string Limit, int Allowed, int Peak, int Keys, int Full);
