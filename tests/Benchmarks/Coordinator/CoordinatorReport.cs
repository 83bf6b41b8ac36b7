using System.Globalization;
using System.Text;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>What was found.</summary>
/// <param name="Machine">What was measured on; coordinator, agents, watchers and database share it.</param>
/// <param name="Loads">How fast campaigns run; what was not asked for is empty, here and below.</param>
/// <param name="Pairs">How fast machines go home between two hosts.</param>
/// <param name="InFlight">What an item costs, by the limit on what is in flight; on the coordinator of the first load, which is warm.</param>
/// <param name="Sizes">What an item costs, by the number of items; on the same.</param>
/// <param name="Watch">How late watchers are; null when not asked for.</param>
/// <param name="Memory">What a large inventory takes; null when not asked for.</param>
/// <param name="Tools">How long this coordinator and other tools take for the same number of trivial things.</param>
/// <param name="Missing">What could not be measured here, and why.</param>
internal sealed record CoordinatorReport(
    Machine Machine,
    IReadOnlyList<LoadResult> Loads,
    IReadOnlyList<LoadResult> Pairs,
    IReadOnlyList<SweepPoint> InFlight,
    IReadOnlyList<SweepPoint> Sizes,
    WatchResult? Watch,
    MemoryResult? Memory,
    IReadOnlyList<ToolResult> Tools,
    IReadOnlyDictionary<string, string> Missing) : IReport
{
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine}. Rates and processor times with the lowest and the highest of the measured campaigns.");
        Append(text, "durable initiations", Loads, "N0");
        Append(text, "machines home, host to host", Pairs, "N1");
        Append(text, "in flight", InFlight);
        Append(text, "items", Sizes);
        Append(
            text,
            ["watchers", "in flight", "changes for each, per second", "ends that all received", "that some missed", "agent's word to watcher, ms: median", "99 of 100", "longest", "first to last watcher, ms: median", "99 of 100", "coordinator's processors"],
            OneOrNone(Watch, watch =>
            [
                Number(watch.Watchers),
                Number(watch.Active),
                Number(watch.ChangesPerSecond),
                Number(watch.Ends),
                Number(watch.MissedEnds),
                Milliseconds(watch.Lag.MedianMicroseconds),
                Milliseconds(watch.Lag.P99Microseconds),
                Milliseconds(watch.Lag.LongestMicroseconds),
                Milliseconds(watch.Spread.MedianMicroseconds),
                Milliseconds(watch.Spread.P99Microseconds),
                watch.CoordinatorCores.ToString("F2", CultureInfo.InvariantCulture),
            ]));
        Append(
            text,
            ["hosts", "connected to all, MB resident", "MB on the heap", "after a campaign with an item on each, MB resident", "MB on the heap"],
            OneOrNone(Memory, memory =>
            [
                Number(memory.Hosts),
                Number(memory.Connected.ResidentMegabytes),
                Number(memory.Connected.HeapMegabytes),
                Number(memory.WithCampaign.ResidentMegabytes),
                Number(memory.WithCampaign.HeapMegabytes),
            ]));
        Append(
            text,
            ["the same number of targets, the same at once", "s", "per second"],
            Tools.Select(tool => (IEnumerable<string>)[tool.Tool, tool.Seconds.ToString("N2", CultureInfo.InvariantCulture), Number(tool.PerSecond)]));
        foreach (var (name, reason) in Missing)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{name}: not measured, {reason}");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string head, IReadOnlyList<LoadResult> loads, string rate) => Append(
        text,
        [head, "cold, per second", "second campaign ÷ first", "warm, per second", "µs CPU for each", "agents' µs", "B allocated", "commits for 1,000", "standing still for GC"],
        loads.Select(load => (IEnumerable<string>)
        [
            $"{load.Store}, {Number(load.Agents)} agents, {Number(load.Cold.Items)} items, {Number(load.InFlight)} in flight{(load.IsSettled ? "" : ", not settled")}",
            load.Cold.PerSecond.ToString(rate, CultureInfo.InvariantCulture),
            load.SecondByFirst.ToString("F2", CultureInfo.InvariantCulture),
            load.Warm.ToText(rate),
            Number(load.Median.CpuMicroseconds),
            Number(load.Median.AgentCpuMicroseconds),
            .. Costs(load.Median),
        ]));

    private static void Append(StringBuilder text, string head, IReadOnlyList<SweepPoint> points) => Append(
        text,
        [head, "per second", "µs CPU for each", "by the first row's", "B allocated", "commits for 1,000", "standing still for GC"],
        points.Select(point => (IEnumerable<string>)
        [
            Number(point.Value),
            point.PerSecond.ToText("N0"),
            point.CpuMicroseconds.ToText("N0"),
            (point.CpuMicroseconds.Median / points[0].CpuMicroseconds.Median).ToString("F2", CultureInfo.InvariantCulture),
            .. Costs(point.Median),
        ]));

    /// <summary>A table, unless nothing is in it.</summary>
    private static void Append(StringBuilder text, IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        var found = rows.ToList();
        if (found.Count > 0)
        {
            text.AppendLine().Append(MarkdownTable.Of(heads, found));
        }
    }

    private static IEnumerable<IEnumerable<string>> OneOrNone<T>(T? result, Func<T, IEnumerable<string>> row)
        where T : class
        => result is null ? [] : [row(result)];

    private static IEnumerable<string> Costs(CampaignFigures figures) =>
    [
        Number(figures.AllocatedBytes),
        figures.CommitsPerThousand.ToString("N1", CultureInfo.InvariantCulture),
        figures.PauseShare.ToString("P1", CultureInfo.InvariantCulture),
    ];

    private static string Milliseconds(double microseconds) => (microseconds / 1000).ToString("N1", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
