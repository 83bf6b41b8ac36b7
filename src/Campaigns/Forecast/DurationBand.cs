using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.Forecast;

/// <summary>A time from the start, as a band.</summary>
/// <param name="P50">Half of the runs are at most this long.</param>
/// <param name="P90">Nine of ten runs are at most this long.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DurationBand(TimeSpan P50, TimeSpan P90);
