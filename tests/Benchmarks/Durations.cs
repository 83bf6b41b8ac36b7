using System.Diagnostics;

namespace HostAgent.Benchmarks;

/// <summary>How long each of many things took.</summary>
/// <param name="Count">How many.</param>
/// <param name="MeanMicroseconds">The mean.</param>
/// <param name="MedianMicroseconds">The median, which other processes' work on the machine hardly moves.</param>
/// <param name="P99Microseconds">99 of 100 took no longer.</param>
/// <param name="LongestMicroseconds">The longest, with whatever the machine and the garbage collector did meanwhile.</param>
internal sealed record Durations(int Count, double MeanMicroseconds, double MedianMicroseconds, double P99Microseconds, double LongestMicroseconds)
{
    /// <param name="ticks">In <see cref="Stopwatch"/>'s ticks; at least one. They are sorted.</param>
    public static Durations Of(List<long> ticks)
    {
        ticks.Sort();
        return new Durations(
            ticks.Count,
            Microseconds(ticks.Average()),
            Microseconds(ticks[ticks.Count / 2]),
            Microseconds(ticks[(int)(ticks.Count * 0.99)]),
            Microseconds(ticks[^1]));
    }

    private static double Microseconds(double ticks) => Math.Round(ticks * 1e6 / Stopwatch.Frequency, 2);
}
