using System.Globalization;
using HostAgent.Documents;

namespace HostAgent.Coordinator.Reports;

/// <summary>How pages write times, spans, numbers and states: the same everywhere, in no culture.</summary>
internal static class ReportText
{
    public static string StatusNames(string state) => state.Replace('_', ' ').ToLowerInvariant();

    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset? time) => time is { } value ? value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : string.Empty;

    /// <summary>A span in whole seconds.</summary>
    public static string Whole(TimeSpan span) => DurationText.Write(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds)));

    /// <summary>From a start to an end; empty unless both are known.</summary>
    public static string Span(DateTimeOffset? start, DateTimeOffset? end) => start is { } from && end is { } to && to >= from ? Whole(to - from) : string.Empty;

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
