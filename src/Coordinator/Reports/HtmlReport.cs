using HostAgent.Coordinator.Drills;
using HostAgent.Documents;
using static HostAgent.Coordinator.Reports.ReportText;

namespace HostAgent.Coordinator.Reports;

/// <summary>One self-contained page: no script, no font, no image from elsewhere. It prints well.</summary>
internal static class HtmlReport
{
    private const int MostOutages = 100;

    public static async Task WriteAsync(CampaignReport report, TextWriter output)
    {
        var page = new HtmlPage(output);
        await page.BeginAsync($"Failback report: {Short(report.Name)}", await StyleAsync());
        await HeadAsync(report, page);
        await WavesAsync(report, page);
        await HtmlForecast.FactAsync(report, page);
        await HtmlGantt.WriteAsync(report, page);
        await OutagesAsync(report, page);
        await ApprovalsAsync(report, page);
        await LeftOutAsync(report, page);
        await ActsAsync(report, page);
        await TestsAsync(report, page);
        await ItemsAsync(report, page);
        await page.HeadingAsync("Document");
        await page.DocumentAsync(report.Document);
        await page.EndAsync();
    }

    private static async Task HeadAsync(CampaignReport report, HtmlPage page)
    {
        await page.TitleAsync(Short(report.Name), StatusNames(report.State), report.State);
        await page.ElementAsync("p", report.Explanation);
        await page.CountsAsync(report.Counts.Select(count => (StatusNames(count.Key), count.Key, count.Value)));
        await page.FactsAsync(
        [
            ("Created", $"{Instant(report.CreateTime)} by {report.CreatedBy}"),
            ("Started", Instant(report.StartTime)),
            ("Ended", Instant(report.EndTime)),
            ("Took", Span(report.StartTime, report.EndTime)),
            ("Labels", string.Join(", ", report.Labels.Select(label => $"{label.Key}={label.Value}"))),
            ("Identity", report.Uid),
            ("Report", Text($"of version {report.Version}, made {Instant(report.ReportTime)} for {report.ReportedTo}")),
        ]);
        await page.SealAsync(report.Audit.Intact, Seal(report.Audit), report.Audit.HeadHash);
    }

    private static async Task LeftOutAsync(CampaignReport report, HtmlPage page)
    {
        if (report.Warnings.Count + report.RefusedCount == 0)
        {
            return;
        }

        await page.HeadingAsync("Not part of the campaign");
        await page.ElementAsync("p", report.WarningsAcceptedBy.Length > 0 ? $"Accepted by {report.WarningsAcceptedBy}." : "Not accepted yet.");
        foreach (var warning in report.Warnings)
        {
            await page.ElementAsync("p", warning);
        }

        if (report.Refused.Count > 0)
        {
            await page.BeginTableAsync("Machine", "Host", "~Why");
            foreach (var refused in report.Refused)
            {
                await page.RowAsync("bad", refused.VirtualMachineName, refused.Host, refused.Reason);
            }

            await page.EndTableAsync();
            if (report.RefusedCount > report.Refused.Count)
            {
                await page.ElementAsync("p", Text($"… and {report.RefusedCount - report.Refused.Count} more."));
            }
        }
    }

    private static async Task WavesAsync(CampaignReport report, HtmlPage page)
    {
        await page.HeadingAsync("Waves");
        await page.BeginTableAsync("Wave", "State", "#Items", "#Succeeded", "#Failed or unknown", "Started", "Ended", "Took", "~Gate");
        foreach (var wave in report.Waves)
        {
            await page.RowAsync(
                wave.Failed > 0 ? "bad" : string.Empty,
                wave.Name,
                StatusNames(wave.State),
                Number(wave.Items),
                Number(wave.Succeeded),
                Number(wave.Failed),
                Instant(wave.StartTime),
                Instant(wave.EndTime),
                Span(wave.StartTime, wave.EndTime),
                Gate(wave));
        }

        await page.EndTableAsync();
    }

    private static async Task OutagesAsync(CampaignReport report, HtmlPage page)
    {
        var outages = report.Items
            .Select(item => (Item: item, Spans: item.Spans.Where(span => span.Step == "SWITCH_OVER").ToList()))
            .Where(outage => outage.Spans.Count > 0)
            .Select(outage => (outage.Item, From: outage.Spans[0].StartTime, To: outage.Spans[^1].EndTime, Attempts: outage.Spans.Count))
            .OrderByDescending(outage => (outage.To ?? report.ReportTime) - outage.From)
            .ToList();
        if (outages.Count == 0)
        {
            return;
        }

        await page.HeadingAsync(Text($"Outages ({outages.Count})"));
        await page.ElementAsync("p", "From the beginning of the switch-over until the machine was verified, the longest first: its service was down at most for so long.");
        await page.BeginTableAsync("Machine", "Wave", "From", "Until", "Took", "#Attempts", "Ended as");
        foreach (var (item, from, to, attempts) in outages.Take(MostOutages))
        {
            await page.RowAsync(
                item.State is "SUCCEEDED" ? string.Empty : "mark", item.VirtualMachineName, item.Wave, Instant(from), to is null ? "not ended" : Instant(to), Span(from, to), Number(attempts), StatusNames(item.State));
        }

        await page.EndTableAsync();
        if (outages.Count > MostOutages)
        {
            await page.ElementAsync("p", Text($"… and {outages.Count - MostOutages} more, none of them longer."));
        }
    }

    private static async Task ApprovalsAsync(CampaignReport report, HtmlPage page)
    {
        var approvals = report.Acts.Where(act => act.Act is "wave-approved" or "wave-rejected" or "wave-outages-approved").ToList();
        if (approvals.Count == 0)
        {
            return;
        }

        await page.HeadingAsync("Approvals");
        await page.BeginTableAsync("When", "Who", "Wave", "~What");
        foreach (var approval in approvals)
        {
            await page.RowAsync(IsTrouble(approval.Act) ? "bad" : string.Empty, Instant(approval.Time), approval.Actor, approval.Target, approval.Explanation);
        }

        await page.EndTableAsync();
    }

    private static async Task ActsAsync(CampaignReport report, HtmlPage page)
    {
        await page.HeadingAsync("Decisions and events");
        await page.BeginTableAsync("When", "Who", "~What", "On");
        foreach (var act in report.Acts)
        {
            await page.RowAsync(IsTrouble(act.Act) ? "bad" : string.Empty, Instant(act.Time), act.Actor, act.Explanation, act.Target);
        }

        await page.EndTableAsync();
    }

    private static async Task TestsAsync(CampaignReport report, HtmlPage page)
    {
        var tested = report.Items.Where(item => item.Test is not null).ToList();
        if (!report.TestsReplicas)
        {
            return;
        }

        var moved = tested.Exists(item => item.Test!.Isolation == MachineProof.InProduction);

        await page.HeadingAsync(Text($"Evidence ({tested.Count(item => item.Test!.Passed)} of {report.Items.Count} {(moved ? "machines went there and came home" : "replicas boot")})"));
        await page.BeginTableAsync("Machine", moved ? "Host" : "Replica on", "Result", "Tested", "Counts until", "Changes up to", "Isolation", "Verified", "Took", "By", "~What was seen");
        foreach (var (item, test) in tested.Select(item => (item, item.Test!)))
        {
            await page.RowAsync(
                test.Passed ? string.Empty : "bad",
                item.VirtualMachineName,
                item.Host,
                test.Passed ? moved ? "home again" : "boots" : "failed",
                Instant(test.VerdictTime),
                Instant(test.ValidUntil),
                Instant(test.ReplicaTime),
                test.VirtualSwitch.Length > 0 ? $"{StatusNames(test.Isolation)} switch {test.VirtualSwitch}" : StatusNames(test.Isolation),
                string.Join(", ", test.Verified),
                Whole(TimeSpan.FromSeconds(test.TookSeconds)),
                test.TestedBy,
                test.Explanation);
        }

        await page.EndTableAsync();
    }

    private static async Task ItemsAsync(CampaignReport report, HtmlPage page)
    {
        await page.HeadingAsync(Text($"Virtual machines ({report.Items.Count})"));
        await page.BeginTableAsync("Machine", "Host", "Wave", "State", "#Attempts", "#Disks", "Started", "Ended", "Took", "~Explanation");
        foreach (var item in report.Items)
        {
            await page.RowAsync(
                item.State is "FAILED" or "UNKNOWN_OUTCOME" ? "bad" : item.State is "SUCCEEDED" ? string.Empty : "mark",
                item.VirtualMachineName,
                item.Host,
                item.Wave,
                StatusNames(item.State),
                Number(item.Attempts),
                item.DiskBytes > 0 ? SizeText.Write(item.DiskBytes) : string.Empty,
                Instant(item.StartTime),
                Instant(item.EndTime),
                Span(item.StartTime, item.EndTime),
                item.FailureReason.Length > 0 ? $"{item.FailureReason}: {item.Explanation}" : item.Explanation);
        }

        await page.EndTableAsync();
    }

    private static string Gate(ReportedWave wave)
        => wave.ApprovedBy is { } approver ? $"{wave.Gate}; approved by {approver}"
        : wave.RejectedBy is { } rejecter ? $"{wave.Gate}; rejected by {rejecter}"
        : wave.Gate;

    private static string Seal(AuditSeal seal)
        => seal.Records == 0 ? "There are no audit records."
        : seal.Intact ? Text($"{seal.Records} audit records; each follows from the previous one. SHA-256 of the newest:")
        : Text($"{seal.Records} audit records. THE CHAIN IS BROKEN at record {seal.FirstBroken}: it was edited after it was written. SHA-256 of the newest:");

    private static bool IsTrouble(string act)
        => act is "item-failed" or "item-outcome-unknown" or "tolerance-breached" or "breaker-opened" or "site-breaker-opened" or "wave-rejected";

    private static string Short(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The style sheet of every page.</summary>
    public static async Task<string> StyleAsync()
    {
        await using var resource = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("The embedded style sheet of the report is missing.");
        using var reader = new StreamReader(resource);
        return await reader.ReadToEndAsync();
    }
}
