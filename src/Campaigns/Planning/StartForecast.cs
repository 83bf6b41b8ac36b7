using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.Planning;

/// <summary>The forecast that a campaign was started with, kept to be compared with what came.</summary>
/// <param name="Duration">From start to end.</param>
/// <param name="Basis">What it is based on, in words.</param>
/// <param name="Waves">When each wave was to run.</param>
public sealed record StartForecast(DurationBand Duration, string Basis, IReadOnlyList<ForecastWave> Waves);

/// <summary>When one wave runs, measured from the campaign's start. Its gate is not included.</summary>
/// <param name="Name">The wave's name.</param>
/// <param name="Start">When it starts.</param>
/// <param name="End">When its last item has ended.</param>
public sealed record ForecastWave(string Name, DurationBand Start, DurationBand End);

/// <summary>A time since the start, as a band.</summary>
/// <param name="P50">Half of the runs take at most this long.</param>
/// <param name="P90">Nine of ten runs take at most this long.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DurationBand(TimeSpan P50, TimeSpan P90);

/// <summary>What the caller assumes where nothing is known. Without assumptions a forecast is based on measurements or refused.</summary>
public sealed record ForecastAssumptions
{
    /// <summary>No assumption.</summary>
    public static ForecastAssumptions None { get; } = new();

    /// <summary>How fast a machine is failed back; replaces the measured rates. Null uses the measured rates.</summary>
    public RateRange? Rate { get; init; }

    /// <summary>The disk size of machines whose size is unknown, in bytes; null for no assumption.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>The bandwidth of links; a link without an entry is not a limit.</summary>
    public IReadOnlyList<LinkBandwidth> Links { get; init; } = [];

    /// <summary>Whether both assume the same.</summary>
    public bool Equals(ForecastAssumptions? other) => other is not null && Rate == other.Rate && DiskBytes == other.DiskBytes && Links.SequenceEqual(other.Links);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rate, DiskBytes, Links.Count);
}

/// <summary>The assumed bandwidth of a link. A link is a pair of source site and primary site.</summary>
/// <param name="Site">The source site, case-insensitive; empty together with <paramref name="PrimarySite"/> for every link without an entry of its own.</param>
/// <param name="PrimarySite">The primary site.</param>
/// <param name="BytesPerSecond">The bandwidth, above 0.</param>
public sealed record LinkBandwidth(string Site, string PrimarySite, double BytesPerSecond);

/// <summary>An assumed range of rates: any rate in it may be the true one, the same for all machines.</summary>
/// <param name="Low">The lowest, in bytes of disk size per second, above 0.</param>
/// <param name="High">The highest, not below <paramref name="Low"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateRange(double Low, double High);
