namespace HostAgent.Campaigns.Forecast;

/// <summary>How long a running campaign still takes.</summary>
/// <param name="Band">From when it was asked for to the end.</param>
/// <param name="Basis">What it rests on, in words.</param>
/// <param name="Asked">When it was asked for.</param>
public sealed record RemainingTime(DurationBand Band, string Basis, DateTimeOffset Asked)
{
    /// <summary>What is left of it later; never below zero, since a campaign that takes longer than was estimated is not over.</summary>
    public DurationBand LeftAt(DateTimeOffset now)
    {
        var passed = now - Asked;
        return new DurationBand(Left(Band.P50), Left(Band.P90));

        TimeSpan Left(TimeSpan whole) => whole > passed ? whole - passed : TimeSpan.Zero;
    }
}
