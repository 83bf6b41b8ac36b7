using System.Globalization;
using System.Text.RegularExpressions;
using HostAgent.Texts;

namespace HostAgent.Coordinator.Reports;

/// <summary>
/// One row per item, RFC 4180. Names and sentences come from hosts and people: invisible characters are written out,
/// and a text that a spreadsheet would run as a formula is preceded by an apostrophe, which marks it as text. Spreadsheets whose
/// list separator is a semicolon split rows at it, even inside quotes; so a semicolon counts as the start of a cell.
/// </summary>
internal static partial class CsvReport
{
    private const string LineEnd = "\r\n";

    private static readonly (string Heading, Func<ReportedItem, string> Value)[] Columns =
    [
        ("item_id", item => Text(item.ItemId)),
        ("virtual_machine_name", item => Text(item.VirtualMachineName)),
        ("virtual_machine_id", item => Text(item.VirtualMachineId)),
        ("host", item => Text(item.Host)),
        ("site", item => Text(item.Site)),
        ("primary_site", item => Text(item.PrimarySite)),
        ("tenant", item => Text(item.Tenant)),
        ("wave", item => Text(item.Wave)),
        ("state", item => Text(item.State)),
        ("attempts", item => item.Attempts.ToString(CultureInfo.InvariantCulture)),
        ("operation_id", item => Text(item.OperationId)),
        ("start_time", item => Instant(item.StartTime)),
        ("end_time", item => Instant(item.EndTime)),
        ("disk_bytes", item => item.DiskBytes.ToString(CultureInfo.InvariantCulture)),
        ("failure_reason", item => Text(item.FailureReason)),
        ("explanation", item => Text(item.Explanation)),
    ];

    // Only of campaigns that test replicas: the rows of every other campaign stay as they are.
    private static readonly (string Heading, Func<ReportedItem, string> Value)[] TestColumns =
    [
        ("test_passed", item => item.Test is { } test ? test.Passed ? "true" : "false" : string.Empty),
        ("test_time", item => Instant(item.Test?.VerdictTime)),
        ("valid_until", item => Instant(item.Test?.ValidUntil)),
        ("replica_time", item => Instant(item.Test?.ReplicaTime)),
        ("isolation", item => Text(item.Test?.Isolation ?? string.Empty)),
        ("virtual_switch", item => Text(item.Test?.VirtualSwitch ?? string.Empty)),
        ("verified", item => Text(string.Join(' ', item.Test?.Verified ?? []))),
        ("took_seconds", item => item.Test?.TookSeconds.ToString(CultureInfo.InvariantCulture) ?? string.Empty),
        ("tested_by", item => Text(item.Test?.TestedBy ?? string.Empty)),
        ("drill", item => Text(item.Test?.Drill ?? string.Empty)),
    ];

    public static async Task WriteAsync(CampaignReport report, TextWriter output)
    {
        var columns = report.TestsReplicas ? [.. Columns, .. TestColumns] : Columns;
        await output.WriteAsync(string.Join(',', columns.Select(column => column.Heading)) + LineEnd);
        foreach (var item in report.Items)
        {
            await output.WriteAsync(string.Join(',', columns.Select(column => column.Value(item))) + LineEnd);
        }
    }

    private static string Text(string value)
    {
        value = FormulaStart().Replace(VisibleText.Line(value), "$&'");
        return value.AsSpan().IndexOfAny(",;\"") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Instant(DateTimeOffset? time) => time is { } value ? value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : string.Empty;

    // Also after white space and quotes, and in the full-width forms that some spreadsheets accept. Tabs are already written out.
    [GeneratedRegex("(^|;)(?=[\\s\"']*[=+\\-@＝＋－＠])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormulaStart();
}
