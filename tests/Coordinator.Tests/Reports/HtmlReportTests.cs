using System.Text.RegularExpressions;
using HostAgent.Coordinator.Reports;

namespace HostAgent.Coordinator.Tests.Reports;

public sealed class HtmlReportTests
{
    [Fact]
    public async Task An_auditor_reads_who_what_when_and_how_it_ended()
    {
        var html = await WriteAsync(SampleReport.Item(), SampleReport.Item("sql-02", "FAILED", "The host refused it."));

        html.ShouldContain("<h1>return-to-east <span class=\"state\" data-state=\"COMPLETED_WITH_FAILURES\">completed with failures</span></h1>");
        html.ShouldContain("<td>dr-lead</td><td class=\"text\">Approved the gate: looks good.</td><td>canary</td>");
        html.ShouldContain("<td>sql-02</td><td>hv-west-01</td><td>canary</td><td>failed</td>");
        html.ShouldContain("ACCESS_DENIED: The host refused it.");
        html.ShouldContain("approval by dr-lead; approved by dr-lead");
        html.ShouldContain("17 audit records; each follows from the previous one. SHA-256 of the newest: <code>ab12</code>");
        html.ShouldContain("<dt>Took</dt><dd>8h</dd>");
    }

    [Fact]
    public async Task When_what_was_under_way_is_a_picture_and_each_outage_a_row()
    {
        var html = await WriteAsync(
            SampleReport.Item() with { Spans = [Span("SYNCHRONIZE", 0, 60, "SYNCED"), Span("SWITCH_OVER", 70, 80, "FAILED"), Span("SWITCH_OVER", 85, 90, "SUCCEEDED")] },
            SampleReport.Item("web-01") with { Spans = [Span("INITIATE_FAILBACK", 5, 50, "SUCCEEDED")] });

        html.ShouldContain("role=\"img\" aria-label=\"What was under way, from 2026-11-21 22:00 to 2026-11-21 23:30 UTC\"");
        html.ShouldContain("<title>sql-01: synchronize on hv-west-01, 22:00:00 to 23:00:00, synced</title>");
        Regex.Matches(html, "<rect class=\"(?<kind>\\w+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Select(bar => bar.Groups["kind"].Value).ShouldBe(["run", "bad", "down", "run"]);
        html.ShouldContain("<h2>Outages (1)</h2>");
        html.ShouldContain("<td>sql-01</td><td>canary</td><td>2026-11-21 23:10:00Z</td><td>2026-11-21 23:30:00Z</td><td>20m</td><td class=\"number\">2</td>");
        html.ShouldContain("<h2>Approvals</h2>");
        html.ShouldContain("<title>canary: approved by dr-lead, 22:00:00</title>");
    }

    [Fact]
    public async Task Of_a_fleet_the_picture_has_a_lane_for_each_wave()
    {
        var html = await WriteAsync([.. Enumerable.Range(1, 400).Select(number => SampleReport.Item($"vm-{number}") with { Spans = [Span("INITIATE_FAILBACK", number, number + 30, "SUCCEEDED")] })]);

        html.ShouldContain("400 machines, at most ");
        Regex.Count(html, "<rect ", RegexOptions.None, TimeSpan.FromSeconds(5)).ShouldBeLessThan(200);
        html.ShouldNotContain(">vm-7</text>");
    }

    [Fact]
    public async Task A_broken_audit_chain_cannot_be_overlooked()
    {
        var html = await SampleReport.TextAsync(SampleReport.With() with { Audit = new AuditSeal(17, "ab12", Intact: false, FirstBroken: 9) }, HtmlReport.WriteAsync);

        html.ShouldContain("<p class=\"seal broken\">17 audit records. THE CHAIN IS BROKEN at record 9");
    }

    [Fact]
    public async Task Whatever_hosts_and_people_write_stays_a_text()
    {
        const string Hostile = "<script>alert(1)</script>\"'&";
        var report = SampleReport.With(SampleReport.Item(Hostile, Hostile, Hostile) with { Wave = Hostile, Spans = [Span(Hostile, 0, 1, Hostile), Span("SWITCH_OVER", 2, null, Hostile)] }) with
        {
            Name = "campaigns/" + Hostile,
            State = Hostile,
            Explanation = Hostile,
            ReportedTo = Hostile,
            CreatedBy = Hostile,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Hostile] = Hostile },
            Counts = new Dictionary<string, int>(StringComparer.Ordinal) { [Hostile] = 1 },
            Acts = [new TimelineEntry(default, Hostile, Hostile, Hostile, Hostile), new TimelineEntry(new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero), Hostile, "wave-approved", Hostile, Hostile)],
            Waves = [new ReportedWave(Hostile, Hostile, 1, 1, 1, null, null, Hostile, Hostile, Hostile)],
            Audit = new AuditSeal(1, Hostile, Intact: true, FirstBroken: null),
            Document = Hostile,
        };

        var html = await SampleReport.TextAsync(report, HtmlReport.WriteAsync);

        html.ShouldNotContain("<script");
        Regex.Count(html, "alert\\(1\\)", RegexOptions.None, TimeSpan.FromSeconds(5)).ShouldBeGreaterThan(15);
        Regex.Matches(html, "data-state=\"[^\"]*\"", RegexOptions.None, TimeSpan.FromSeconds(5)).ShouldAllBe(attribute => !attribute.Value.Contains('<'));
    }

    [Fact]
    public async Task What_cannot_be_seen_is_written_out_and_a_document_keeps_its_lines()
    {
        const string Hidden = "sql\u200B\u202E\u2028\u001B\u0085\n";
        var html = await SampleReport.TextAsync(
            SampleReport.With(SampleReport.Item(Hidden, Hidden, Hidden)) with { Explanation = Hidden, CreatedBy = Hidden, Document = $"a: '{Hidden}'\nb: 1\n" }, HtmlReport.WriteAsync);

        html.EnumerateRunes().ShouldAllBe(rune => rune.Value == '\n' || HostAgent.Texts.VisibleText.IsVisible(rune));
        html.ShouldContain("sql\\u200B\\u202E\\u2028\\u001B\\u0085\\u000A");
        html.ShouldContain("&#xA;b: 1&#xA;");
    }

    [Fact]
    public async Task The_page_needs_nothing_but_itself()
    {
        var html = await WriteAsync(SampleReport.Item());

        html.ShouldContain("content=\"default-src 'none'; style-src 'unsafe-inline'\"");
        html.ShouldNotContain("http://");
        html.ShouldNotContain("https://");
        Regex.IsMatch(html, "<(link|img|script|iframe)|@import|url\\(|\\ssrc=|\\shref=", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).ShouldBeFalse();
        html.ShouldContain("border-collapse", Case.Sensitive, "the style is part of it");
    }

    private static ReportedSpan Span(string step, int from, int? to, string result)
    {
        var start = new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);
        return new ReportedSpan(step, "hv-west-01", start.AddMinutes(from), to is { } end ? start.AddMinutes(end) : null, result);
    }

    private static Task<string> WriteAsync(params ReportedItem[] items) => SampleReport.TextAsync(SampleReport.With(items), HtmlReport.WriteAsync);
}
