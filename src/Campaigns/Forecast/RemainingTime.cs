namespace HostAgent.Campaigns.Forecast;

/// <summary>How long a running campaign still takes.</summary>
/// <param name="Band">From when it was asked for to the end.</param>
/// <param name="Basis">What it rests on, in words.</param>
public sealed record RemainingTime(DurationBand Band, string Basis);
