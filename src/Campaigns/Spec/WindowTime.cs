namespace HostAgent.Campaigns.Spec;

/// <summary>A local time of the week or of the day.</summary>
/// <param name="Day">The day; null for every day.</param>
/// <param name="Time">The local time.</param>
public sealed record WindowTime(DayOfWeek? Day, TimeOnly Time);
