using HostAgent.Coordinator.Reports;

namespace HostAgent.Coordinator.Tests.Reports;

public sealed class CsvReportTests
{
    private const string Headings =
        "item_id,virtual_machine_name,virtual_machine_id,host,site,primary_site,tenant,wave,state,attempts,operation_id,start_time,end_time,disk_bytes,failure_reason,explanation\r\n";

    [Fact]
    public async Task Each_item_is_a_row_under_the_headings()
        => (await WriteAsync(SampleReport.Item())).ShouldBe(
            Headings + "3f2a,sql-01,3F2A,hv-west-01,west,east,acme,canary,SUCCEEDED,1,op-1,2026-11-21T22:00:00Z,2026-11-21T23:30:00Z,257698037760,,\r\n");

    [Fact]
    public async Task A_report_without_items_has_its_headings() => (await WriteAsync()).ShouldBe(Headings);

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public async Task What_would_break_a_row_is_quoted(string explanation, string cell)
        => (await WriteAsync(SampleReport.Item(explanation: explanation))).ShouldEndWith($",{cell}\r\n");

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1+cmd|' /C calc'!A0")]
    [InlineData("@SUM(A1)")]
    [InlineData("  =1+1")]
    [InlineData("＝1+1")]
    public async Task What_a_spreadsheet_would_run_is_made_a_text(string name)
        => (await WriteAsync(SampleReport.Item(name))).ShouldContain($",'{name},");

    [Theory]
    [InlineData("\t=1+1", "'\t=1+1")]
    [InlineData("\r=1+1", "\"'\r=1+1\"")]
    public async Task A_formula_behind_a_control_character_is_made_a_text_too(string name, string cell)
        => (await WriteAsync(SampleReport.Item(name))).ShouldContain($",{cell},");

    [Fact]
    public async Task A_name_that_only_contains_a_sign_is_left_as_it_is()
        => (await WriteAsync(SampleReport.Item("sql-01=primary"))).ShouldContain(",sql-01=primary,");

    private static Task<string> WriteAsync(params ReportedItem[] items) => SampleReport.TextAsync(SampleReport.With(items), CsvReport.WriteAsync);
}
