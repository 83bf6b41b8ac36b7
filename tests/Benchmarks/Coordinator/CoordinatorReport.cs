using System.Globalization;
using System.Text;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>What was found.</summary>
/// <param name="Machine">What was measured on; coordinator, agents, watchers and database share it.</param>
/// <param name="Loads">How fast campaigns run.</param>
/// <param name="InFlight">What an item costs, by the limit on what is in flight; on the coordinator of the first load, which is warm.</param>
/// <param name="Sizes">What an item costs, by the number of items; on the same.</param>
/// <param name="Watch">How late watchers are.</param>
/// <param name="Memory">What a large inventory takes; null when it could not be measured.</param>
/// <param name="Tools">How long this coordinator and other tools take for the same number of trivial things.</param>
/// <param name="Missing">What could not be measured here, and why.</param>
internal sealed record CoordinatorReport(
    Machine Machine,
    IReadOnlyList<LoadResult> Loads,
    IReadOnlyList<SweepPoint> InFlight,
    IReadOnlyList<SweepPoint> Sizes,
    WatchResult Watch,
    MemoryResult? Memory,
    IReadOnlyList<ToolResult> Tools,
    IReadOnlyDictionary<string, string> Missing) : IReport
{
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine}. Rates with the lowest and the highest of the measured campaigns.").AppendLine();
        text.Append(MarkdownTable.Of(
            ["durable initiations", "cold, per second", "second campaign ÷ first", "warm, per second", "µs CPU for each", "agents' µs", "B allocated", "commits for 1,000", "standing still for GC"],
            Loads.Select(load => (IEnumerable<string>)
            [
                $"{load.Store}, {Number(load.Agents)} agents, {Number(load.Cold.Items)} items, {Number(load.InFlight)} in flight{(load.IsSettled ? "" : ", not settled")}",
                Number(load.Cold.PerSecond),
                load.SecondByFirst.ToString("F2", CultureInfo.InvariantCulture),
                load.Warm.ToText("N0"),
                Number(load.Median.CpuMicroseconds),
                Number(load.Median.AgentCpuMicroseconds),
                Number(load.Median.AllocatedBytes),
                load.Median.CommitsPerThousand.ToString("N1", CultureInfo.InvariantCulture),
                load.Median.PauseShare.ToString("P1", CultureInfo.InvariantCulture),
            ])));
        Append(text, "in flight", InFlight);
        Append(text, "items", Sizes);
        text.AppendLine().Append(MarkdownTable.Of(
            ["watchers", "in flight", "changes for each, per second", "ends that all received", "that some missed", "agent's word to watcher, ms: median", "99 of 100", "longest", "first to last watcher, ms: median", "99 of 100", "coordinator's processors"],
            [[
                Number(Watch.Watchers),
                Number(Watch.Active),
                Number(Watch.ChangesPerSecond),
                Number(Watch.Ends),
                Number(Watch.MissedEnds),
                Milliseconds(Watch.Lag.MedianMicroseconds),
                Milliseconds(Watch.Lag.P99Microseconds),
                Milliseconds(Watch.Lag.LongestMicroseconds),
                Milliseconds(Watch.Spread.MedianMicroseconds),
                Milliseconds(Watch.Spread.P99Microseconds),
                Watch.CoordinatorCores.ToString("F2", CultureInfo.InvariantCulture),
            ]]));
        if (Memory is { } memory)
        {
            text.AppendLine().Append(MarkdownTable.Of(
                ["hosts", "connected to all, MB resident", "MB on the heap", "after a campaign with an item on each, MB resident", "MB on the heap"],
                [[Number(memory.Hosts), Number(memory.Connected.ResidentMegabytes), Number(memory.Connected.HeapMegabytes), Number(memory.WithCampaign.ResidentMegabytes), Number(memory.WithCampaign.HeapMegabytes)]]));
        }

        text.AppendLine().Append(MarkdownTable.Of(
            ["the same number of targets, the same at once", "s", "per second"],
            Tools.Select(tool => (IEnumerable<string>)[tool.Tool, tool.Seconds.ToString("N2", CultureInfo.InvariantCulture), Number(tool.PerSecond)])));
        foreach (var (name, reason) in Missing)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{name}: not measured, {reason}");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string head, IReadOnlyList<SweepPoint> points) => text.AppendLine().Append(MarkdownTable.Of(
        [head, "per second", "µs CPU for each", "by the first row's", "B allocated", "commits for 1,000", "standing still for GC"],
        points.Select(point => (IEnumerable<string>)
        [
            Number(point.Value),
            point.PerSecond.ToText("N0"),
            point.CpuMicroseconds.ToText("N0"),
            (point.CpuMicroseconds.Median / points[0].CpuMicroseconds.Median).ToString("F2", CultureInfo.InvariantCulture),
            Number(point.Median.AllocatedBytes),
            point.Median.CommitsPerThousand.ToString("N1", CultureInfo.InvariantCulture),
            point.Median.PauseShare.ToString("P1", CultureInfo.InvariantCulture),
        ])));

    private static string Milliseconds(double microseconds) => (microseconds / 1000).ToString("N1", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
