namespace HostAgent.Campaigns.Forecast;

/// <summary>What a change of one limit would do, found by running the campaign with it.</summary>
/// <param name="Limit">campaign, host, site, link, tenant, ramp, agent or bandwidth; several with a plus sign between them.</param>
/// <param name="Description">The change in words, for example <c>limits.host 4 → 8</c>.</param>
/// <param name="Duration">The duration that half of the runs would keep.</param>
public sealed record ForecastChange(string Limit, string Description, TimeSpan Duration);
