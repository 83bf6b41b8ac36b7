namespace HostAgent.Campaigns.Forecast;

/// <summary>When one wave runs, counted from the campaign's start. Its gate is not part of it.</summary>
/// <param name="Name">The wave's name.</param>
/// <param name="Start">When it starts.</param>
/// <param name="End">When its last item has ended.</param>
public sealed record ForecastWave(string Name, DurationBand Start, DurationBand End);
