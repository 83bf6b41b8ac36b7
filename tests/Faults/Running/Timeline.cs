using System.Globalization;
using System.Net;
using System.Text;
using HostAgent.Faults.Checking;
using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Running;

/// <summary>A line of a timeline.</summary>
/// <param name="Time">When.</param>
/// <param name="Source">Who says so: stored, host, watcher, command or fault.</param>
/// <param name="Text">What.</param>
internal sealed record TimelineLine(DateTimeOffset Time, string Source, string Text);

/// <summary>Histories for people: one line for everything that happened, in the order of time.</summary>
internal static class Timeline
{
    /// <summary>Everything of a history, oldest first.</summary>
    public static IReadOnlyList<TimelineLine> Of(History history)
    {
        var names = history.Shown.ToDictionary(item => item.Item, item => item.Name, StringComparer.Ordinal);
        string Name(string? item) => item is null ? "" : $"{names.GetValueOrDefault(item, item)} ";
        var machines = history.Stored.Where(stored => stored.Fact == Fact.Planned).ToDictionary(stored => stored.Machine, stored => stored.Item);
        return
        [
            .. history.Stored.Select(stored => new TimelineLine(stored.Time, "stored", Text($"{stored.Version} {Name(stored.Item)}{(stored.Fact == Fact.Other ? "" : $"{stored.Fact} ")}{(stored.Attempt > 0 ? $"attempt {stored.Attempt} " : "")}{stored.Text}")))
                .Concat(history.Effects.SelectMany(effect => new[]
                {
                    new TimelineLine(effect.Time, "host", $"{effect.Host} began the failback of {Name(machines.GetValueOrDefault(effect.Machine))}{(effect.IsForeign ? "for somebody else" : "")}"),
                    new TimelineLine(effect.End ?? DateTimeOffset.MaxValue, "host", $"{effect.Host} {(effect.End is null ? "never ended" : effect.Succeeded ? "completed" : "lost or failed")} the failback of {Name(machines.GetValueOrDefault(effect.Machine))}"),
                }))
                .Concat(history.Sightings.Select(seen => new TimelineLine(seen.Time, seen.Watcher, Text($"stream {seen.Stream} version {seen.Version}: {Name(seen.Item)}{seen.State} attempt {seen.Attempt}{(seen.Percent is { } percent ? $" {percent} %" : "")} {seen.Explanation}"))))
                .Concat(history.Answers.Select(answer => new TimelineLine(answer.Time, "command", $"{answer.Command}: {answer.Status}{(answer.IsHostile ? " (hostile)" : "")}")))
                .Concat(history.Strikes.SelectMany(strike => new[]
                {
                    new TimelineLine(strike.Begin, "fault", $"{strike.What}: begins"),
                    new TimelineLine(strike.End, "fault", Text($"{strike.What}: over{(Recovery.Of(history, strike) is { } recovery ? $"; the next progress came {recovery.TotalSeconds:0.000} s after it" : "")}")),
                }))
                .OrderBy(line => line.Time),
        ];
    }

    /// <summary>Writes a run as text.</summary>
    public static string ToText(string title, RunResult run, IReadOnlyList<Violation> violations)
    {
        var text = new StringBuilder().AppendLine(title).AppendLine();
        Append(text, "Planned faults", run.Plan.Select(strike => strike.ToString()));
        Append(text, "Violations", violations.Select(violation => violation.ToString()));
        foreach (var history in run.Histories)
        {
            Append(text, history.Campaign, Of(history).Select(line => $"{TimeOf(line)} {line.Source,-10} {line.Text}"));
            Append(text, $"{history.Campaign}, pairs", history.Pairs.Select(pair => pair.ToString()));
        }

        return text.ToString();
    }

    /// <summary>Writes a run as one page that needs nothing else.</summary>
    public static string ToHtml(string title, RunResult run, IReadOnlyList<Violation> violations)
    {
        var page = new StringBuilder($$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>{{Html(title)}}</title>
            <style>body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#1b1b1f}table{border-collapse:collapse}td{padding:0 .8rem 0 0;vertical-align:top}td:first-child{font-variant-numeric:tabular-nums;white-space:nowrap}
            .fault td{background:#ffe0e0}.host td{background:#e4f3e4}.command td{background:#e6ecff}.bad{color:#b00020;font-weight:600}</style></head><body>
            <h1>{{Html(title)}}</h1>
            """);
        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"<h2>Planned faults</h2><ul>{string.Concat(run.Plan.Select(strike => $"<li>{Html(strike.ToString())}</li>"))}</ul>");
        page.AppendLine(violations.Count == 0 ? "<p>No violation.</p>" : $"<ul class=\"bad\">{string.Concat(violations.Select(violation => $"<li>{Html(violation.ToString())}</li>"))}</ul>");
        foreach (var history in run.Histories)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"<h2>{Html(history.Campaign)}</h2><table>");
            foreach (var line in Of(history))
            {
                page.AppendLine(CultureInfo.InvariantCulture, $"<tr class=\"{line.Source.Split(' ')[0]}\"><td>{TimeOf(line)}</td><td>{Html(line.Source)}</td><td>{Html(line.Text)}</td></tr>");
            }

            page.AppendLine("</table>");
        }

        return page.AppendLine("</body></html>").ToString();
    }

    private static void Append(StringBuilder text, string heading, IEnumerable<string> lines)
    {
        text.AppendLine(heading);
        var any = false;
        foreach (var line in lines)
        {
            text.Append("  ").AppendLine(line);
            any = true;
        }

        text.AppendLine(any ? "" : "  none");
    }

    private static string TimeOf(TimelineLine line) => line.Time == DateTimeOffset.MaxValue ? "--:--:--.---" : line.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
