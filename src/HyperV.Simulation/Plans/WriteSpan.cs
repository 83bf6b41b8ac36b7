namespace HostAgent.HyperV.Simulation.Plans;

/// <summary>
/// The writes of one run of a machine, up to a moment. A running machine writes all the time, so a run and a moment say exactly which writes
/// are on a disk: a set of spans is a version vector.
/// </summary>
/// <param name="Run">The run: its host and when it began.</param>
/// <param name="Until">Up to when, in UTC ticks.</param>
internal sealed record WriteSpan(string Run, long Until);

/// <summary>One run of a machine on one host.</summary>
/// <param name="From">When it began, in UTC ticks.</param>
/// <param name="Until">When it ended.</param>
internal sealed record RunSpan(long From, long Until);

/// <summary>Sets of writes.</summary>
internal static class Writes
{
    /// <summary>Both sets together.</summary>
    public static IReadOnlyList<WriteSpan> And(this IReadOnlyList<WriteSpan> writes, IReadOnlyList<WriteSpan> others)
        => [.. writes.Concat(others).GroupBy(span => span.Run, StringComparer.Ordinal).Select(run => run.MaxBy(span => span.Until)!).OrderBy(span => span.Run, StringComparer.Ordinal)];

    /// <summary>What was written up to a moment.</summary>
    public static IReadOnlyList<WriteSpan> UpTo(this IReadOnlyList<WriteSpan> writes, long ticks)
        => [.. writes.Select(span => span.Until > ticks ? span with { Until = ticks } : span)];

    /// <summary>How much of what was written in a run a set does not have.</summary>
    public static TimeSpan Lacks(this IReadOnlyList<WriteSpan> writes, string run, RunSpan span)
        => TimeSpan.FromTicks(span.Until - Math.Clamp(writes.FirstOrDefault(one => one.Run == run)?.Until ?? span.From, span.From, span.Until));

    /// <summary>How long two sets of runs overlap.</summary>
    public static TimeSpan Overlap(this IEnumerable<RunSpan> runs, IReadOnlyList<RunSpan> others)
        => TimeSpan.FromTicks(runs.Sum(run => others.Sum(other => Math.Max(0, Math.Min(run.Until, other.Until) - Math.Max(run.From, other.From)))));

    /// <summary>For how long none of the runs was under way, from the first to a moment.</summary>
    public static TimeSpan Pauses(this IEnumerable<RunSpan> runs, long until)
    {
        var (paused, end) = (0L, (long?)null);
        foreach (var run in runs.OrderBy(run => run.From))
        {
            paused += Math.Max(0, run.From - (end ?? run.From));
            end = Math.Max(end ?? run.Until, run.Until);
        }

        return TimeSpan.FromTicks(paused + (end is { } last ? Math.Max(0, until - last) : 0));
    }

    /// <summary>Whether a set has every write of another one.</summary>
    public static bool Contains(this IReadOnlyList<WriteSpan> writes, IReadOnlyList<WriteSpan> others)
        => others.All(other => writes.Any(one => one.Run == other.Run && one.Until >= other.Until));
}
