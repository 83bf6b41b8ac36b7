using System.Globalization;
using System.Text;

namespace HostAgent.Benchmarks.Agent;

/// <summary>What was found.</summary>
/// <param name="Machine">What was measured on; agent and callers share it, and the process.</param>
/// <param name="Cold">How fast the process's first failbacks are accepted.</param>
/// <param name="Accepts">How fast failbacks are accepted.</param>
/// <param name="FanOuts">How fast watchers hear of events.</param>
/// <param name="Footprints">What the agent takes when it does nothing, beside a bare service.</param>
internal sealed record AgentReport(
    Machine Machine, AcceptResult Cold, IReadOnlyList<AcceptResult> Accepts, IReadOnlyList<FanOutResult> FanOuts, IReadOnlyList<FootprintResult> Footprints) : IReport
{
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine}.").AppendLine();
        text.Append(MarkdownTable.Of(
            ["failbacks accepted", "per second", "ms: median", "99 of 100", "longest", "B allocated for each"],
            [Row($"cold: the process's first {Cold.Accept.Count}, {Cold.Callers} at once", Cold, Number(Cold.PerSecond.Median)), .. Accepts.Select(result => Row(
                $"{result.Callers} at once, {Number(result.Machines)} machines{(result.IsSettled ? "" : ", not settled")}", result, result.PerSecond.ToText("N0")))]));
        text.AppendLine();
        text.Append(MarkdownTable.Of(
            ["watchers", "messages", "events that all received", "first to last watcher, ms: median", "longest", "messages per second", "B allocated for each"],
            FanOuts.Select(result => (IEnumerable<string>)
            [
                Number(result.Watchers),
                Number(result.Messages),
                Number(result.Events),
                Milliseconds(result.Spread?.MedianMicroseconds),
                Milliseconds(result.Spread?.LongestMicroseconds),
                Number(result.PerSecond),
                Number(result.AllocatedBytesPerMessage),
            ])));
        text.AppendLine();
        text.Append(MarkdownTable.Of(
            ["doing nothing", "s to start", "MB private", "MB resident", "% of a processor", "after s"],
            Footprints.Select(result => (IEnumerable<string>)
            [
                result.Server,
                result.ReadySeconds.ToText("N2"),
                Number(result.PrivateMegabytes),
                Number(result.ResidentMegabytes),
                result.IdlePercent.ToString("N3", CultureInfo.InvariantCulture),
                Number(result.IdleSeconds),
            ])));
        return text.ToString();
    }

    private static IEnumerable<string> Row(string name, AcceptResult result, string perSecond) =>
    [
        name,
        perSecond,
        Milliseconds(result.Accept.MedianMicroseconds),
        Milliseconds(result.Accept.P99Microseconds),
        Milliseconds(result.Accept.LongestMicroseconds),
        Number(result.AllocatedBytes),
    ];

    private static string Milliseconds(double? microseconds) => (microseconds / 1000)?.ToString("N2", CultureInfo.InvariantCulture) ?? "–";

    private static string Number(double? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";
}
