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
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("two\nlines", "two\\u000Alines")]
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
    [InlineData("\t=1+1", "\\u0009=1+1")]
    [InlineData("\r=1+1", "\\u000D=1+1")]
    [InlineData("sql\u200B-01\u202E", "sql\\u200B-01\\u202E")]
    [InlineData("web;=1+1", "\"web;'=1+1\"")]
    [InlineData("web; \"=1+1", "\"web;' \"\"=1+1\"")]
    public async Task What_cannot_be_seen_is_written_out_and_a_semicolon_starts_a_cell(string name, string cell)
        => (await WriteAsync(SampleReport.Item(name))).ShouldContain($",{cell},");

    [Fact]
    public async Task A_name_that_only_contains_a_sign_is_left_as_it_is()
        => (await WriteAsync(SampleReport.Item("sql-01=primary"))).ShouldContain(",sql-01=primary,");

    [Fact]
    public async Task No_cell_begins_a_formula_whatever_the_list_separator_is()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => "=+-@;,\t\"' \u00A0\r\nax1"[random.Next(16)]));
            var csv = await WriteAsync(SampleReport.Item(name, explanation: name));
            foreach (var separator in ",;\t")
            {
                foreach (var cell in Cells(csv, separator))
                {
                    cell.TrimStart().FirstOrDefault('x').ShouldNotBeOneOf(['=', '+', '-', '@'], $"{separator}: {csv}");
                }
            }

            Cells(csv, ',').Count().ShouldBe(32, csv);
        }
    }

    /// <summary>As spreadsheets read: a quote at the start of a cell opens it, and what stands after the closing one belongs to it too.</summary>
    private static IEnumerable<string> Cells(string csv, char separator)
    {
        foreach (var row in csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var (cell, quoted, started) = (new System.Text.StringBuilder(), false, false);
            for (var index = 0; index < row.Length; index++)
            {
                if (quoted && row[index] == '"')
                {
                    quoted = index + 1 < row.Length && row[index + 1] == '"';
                    if (quoted)
                    {
                        cell.Append(row[index++]);
                    }
                }
                else if (!quoted && row[index] == separator)
                {
                    yield return cell.ToString();
                    cell.Clear();
                    started = false;
                    continue;
                }
                else if (!started && row[index] == '"')
                {
                    quoted = true;
                }
                else
                {
                    cell.Append(row[index]);
                }

                started = true;
            }

            yield return cell.ToString();
        }
    }

    private static Task<string> WriteAsync(params ReportedItem[] items) => SampleReport.TextAsync(SampleReport.With(items), CsvReport.WriteAsync);
}
