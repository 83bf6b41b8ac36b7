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
    public async Task A_broken_audit_chain_cannot_be_overlooked()
    {
        var html = await SampleReport.TextAsync(SampleReport.With() with { Audit = new AuditSeal(17, "ab12", Intact: false, FirstBroken: 9) }, HtmlReport.WriteAsync);

        html.ShouldContain("<p class=\"seal broken\">17 audit records. THE CHAIN IS BROKEN at record 9");
    }

    [Fact]
    public async Task Whatever_hosts_and_people_write_stays_a_text()
    {
        const string Hostile = "<script>alert(1)</script>\"'&";
        var report = SampleReport.With(SampleReport.Item(Hostile, Hostile, Hostile)) with
        {
            Name = "campaigns/" + Hostile,
            State = Hostile,
            Explanation = Hostile,
            ReportedTo = Hostile,
            CreatedBy = Hostile,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Hostile] = Hostile },
            Counts = new Dictionary<string, int>(StringComparer.Ordinal) { [Hostile] = 1 },
            Acts = [new TimelineEntry(default, Hostile, Hostile, Hostile, Hostile)],
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

    private static Task<string> WriteAsync(params ReportedItem[] items) => SampleReport.TextAsync(SampleReport.With(items), HtmlReport.WriteAsync);
}
