using System.Text.Json;
using Grpc.Core;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Tests.Shared;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Commands.Audit;

public sealed class AuditCommandTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;
    private readonly TemporaryDirectory _directory = new();
    private readonly string _file;

    public AuditCommandTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
        _file = Path.Combine(_directory.Path, "audit.jsonl");
        _coordinator.Campaigns.Audit = Chain.Of("campaigns/back", 5);
    }

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Export_writes_the_records_between_an_opening_and_a_closing_line_and_prints_the_head()
    {
        var head = await ExportAsync();

        var lines = await File.ReadAllLinesAsync(_file);
        lines.Length.ShouldBe(7);
        lines[0].ShouldBe("""{"format":"failback-audit/v1","campaign":"campaigns/back"}""");
        using var third = JsonDocument.Parse(lines[3]);
        third.RootElement.GetProperty("action").GetString().ShouldBe("act-3");
        lines[^1].ShouldBe($$"""{"records":5,"head":"{{head}}"}""");
        Directory.GetFiles(_directory.Path).ShouldBe([_file]);
        _failback.OutputLines.ShouldHaveSingleItem().ShouldBe($"{_file}: 5 records of campaigns/back. Head: {head}");
    }

    [Fact]
    public async Task Export_to_standard_output_is_the_records_alone_and_verifies_from_standard_input()
    {
        (await _failback.RunAsync("audit", "export", "back", "--output", "-")).ShouldBe(ExitCode.Success, _failback.Error);
        _failback.OutputLines.Count.ShouldBe(7);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("-: 5 records of campaigns/back. Head: ");

        using var offline = new CommandLine { Input = System.Text.Encoding.UTF8.GetBytes(_failback.Output) };
        (await offline.RunAsync("audit", "verify", "-")).ShouldBe(ExitCode.Success, offline.Error);
        offline.OutputLines.ShouldHaveSingleItem().ShouldStartWith("standard input: 5 records");
    }

    [Fact]
    public async Task Verify_of_an_export_needs_no_coordinator_and_finds_it_intact()
    {
        var head = await ExportAsync();
        using var offline = new CommandLine();

        (await offline.RunAsync("audit", "verify", _file)).ShouldBe(ExitCode.Success, offline.Error);

        offline.OutputLines.ShouldHaveSingleItem().ShouldBe($"{_file}: 5 records of campaigns/back, intact. Head: {head}");
    }

    public static TheoryData<string, Func<List<string>, List<string>>, string> Forgeries() => new()
    {
        { "an edited actor", lines => Replace(lines, 3, "CN=Ana", "CN=Eve"), "record 3 is not what was recorded" },
        { "an edited time", lines => Replace(lines, 2, "12:00:02", "12:00:03"), "record 2 is not what was recorded" },
        { "an edited result", lines => Replace(lines, 5, "\"OK\"", "\"OK UNCHANGED\""), "record 5 is not what was recorded" },
        { "a removed record", lines => [.. lines[..3], .. lines[4..]], "record 4 is in the place of record 3" },
        { "a removed first record", lines => [lines[0], .. lines[2..]], "record 2 is in the place of record 1" },
        { "a repeated record", lines => [.. lines[..4], .. lines[3..]], "record 3 is in the place of record 4" },
        { "records in another order", lines => [.. lines[..2], lines[3], lines[2], .. lines[4..]], "record 3 is in the place of record 2" },
        { "a cut tail", lines => lines[..5], "the file ends after record 4 without its closing line" },
        { "a cut tail before the closing line", lines => [.. lines[..5], lines[^1]], "the closing line counts 5 records" },
        { "a line of something else", lines => [.. lines[..2], "{}x", .. lines[2..]], "the line after record 1 is not a record" },
        { "another value for a key before the right one", lines => Replace(lines, 3, "\"actor\":", "\"actor\": \"CN=Eve\", \"actor\":"), "the line after record 2 is not a record" },
        { "a time in another notation", lines => Replace(lines, 2, "T12:00:02.000000200Z", "T13:00:02.000000200+01:00"), "the line after record 1 is not a record" },
        { "another key's name", lines => Replace(lines, 2, "\"actor\"", "\"actor \""), "the line after record 1 is not a record" },
        { "another number of records before the right one", lines => Replace(lines, 6, "{\"records\":5", "{\"records\":9,\"records\":5"), "the line after record 5 is not a record" },
        { "a record after empty lines at the end", lines => [.. lines, "", lines[1]], "there is something after the closing line" },
        { "something after the end", lines => [.. lines, lines[1]], "there is something after the closing line" },
        { "another campaign's records", lines => [lines[0].Replace("campaigns/back", "campaigns/east", StringComparison.Ordinal), .. lines[1..]], "record 1 is about campaigns/back, not about campaigns/east" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Verify_names_the_first_broken_record(string forgery, Func<List<string>, List<string>> forge, string expected)
    {
        await ExportAsync();
        await File.WriteAllLinesAsync(_file, forge([.. await File.ReadAllLinesAsync(_file)]));
        using var offline = new CommandLine();

        (await offline.RunAsync("audit", "verify", _file)).ShouldBe(ExitCode.Failed, forgery);

        offline.ErrorLines[0].ShouldStartWith($"{_file}: NOT INTACT: {expected}");
    }

    [Theory]
    [InlineData("\n", "\r\n", "")]
    [InlineData("\n", "\n", "\n\n \n")]
    [InlineData("{ \"", "{\"", "")]
    [InlineData("ü", "\\u00fc", "")]
    public async Task Verify_takes_what_editors_and_mail_do_to_a_file_for_no_forgery(string from, string to, string end)
    {
        await ExportAsync();
        _failback.Input = System.Text.Encoding.UTF8.GetBytes((await File.ReadAllTextAsync(_file)).Replace(from, to, StringComparison.Ordinal) + end);

        (await _failback.RunAsync("audit", "verify", "-")).ShouldBe(ExitCode.Success, _failback.Error);
    }

    [Fact]
    public async Task Verify_with_a_noted_head_finds_what_was_cut_off_or_written_anew_since()
    {
        var head = await ExportAsync();

        // Whoever holds the store can cut the chain, or write a whole new one; neither has the record that was noted.
        _coordinator.Campaigns.Audit = Chain.Of("campaigns/back", 4);
        await ExportAsync();
        using var cut = new CommandLine();
        (await cut.RunAsync("audit", "verify", _file)).ShouldBe(ExitCode.Success);
        (await cut.RunAsync("audit", "verify", _file, "--head", head)).ShouldBe(ExitCode.Failed);
        cut.ErrorLines[0].ShouldContain($"no record has the hash {head}");

        _coordinator.Campaigns.Audit = Chain.Of("campaigns/back", 9);
        await ExportAsync();
        using var grown = new CommandLine();
        (await grown.RunAsync("audit", "verify", _file, "--head", head)).ShouldBe(ExitCode.Success, grown.Error);
    }

    [Fact]
    public async Task Verify_as_json_tells_the_same()
    {
        await ExportAsync();
        await File.WriteAllLinesAsync(_file, Replace([.. await File.ReadAllLinesAsync(_file)], 3, "CN=Ana", "CN=Eve"));
        using var offline = new CommandLine();

        (await offline.RunAsync("audit", "verify", _file, "--output", "json")).ShouldBe(ExitCode.Failed);

        using var json = JsonDocument.Parse(offline.OutputLines.ShouldHaveSingleItem());
        (json.RootElement.GetProperty("intact").GetBoolean(), json.RootElement.GetProperty("records").GetInt64()).ShouldBe((false, 2L));
        json.RootElement.GetProperty("broken").GetString()!.ShouldStartWith("record 3");
    }

    [Fact]
    public async Task Verify_of_a_file_that_is_no_export_or_is_not_there_says_so()
    {
        await File.WriteAllTextAsync(_file, "hello\n");

        (await _failback.RunAsync("audit", "verify", _file)).ShouldBe(ExitCode.Invalid);
        (await _failback.RunAsync("audit", "verify", "nowhere.jsonl")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldStartWith($"{_file}: not an audit export");
        _failback.ErrorLines[1].ShouldBe("nowhere.jsonl: there is no such file.");
    }

    [Fact]
    public async Task Export_of_a_chain_that_is_broken_in_the_coordinator_is_written_and_told()
    {
        var records = Chain.Of("campaigns/back", 5);
        records[2].Actor = "CN=Eve";
        _coordinator.Campaigns.Audit = records;

        (await _failback.RunAsync("audit", "export", "back", "--output", _file)).ShouldBe(ExitCode.Failed);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain("the coordinator's own chain is broken: record 3 is not what was recorded");
        (await File.ReadAllLinesAsync(_file)).Length.ShouldBe(7);
    }

    [Fact]
    public async Task Export_that_breaks_off_leaves_the_former_file()
    {
        await File.WriteAllTextAsync(_file, "former");
        _coordinator.Campaigns.AuditEnds = () => throw new RpcFailure(StatusCode.Unavailable, "DRAINING", "the server is shutting down").ToRpcException();

        (await _failback.RunAsync("audit", "export", "back", "--output", _file)).ShouldBe(ExitCode.Unreachable);

        (await File.ReadAllTextAsync(_file)).ShouldBe("former");
        Directory.GetFiles(_directory.Path).ShouldBe([_file]);
    }

    [Fact]
    public async Task Export_into_a_place_that_is_not_there_says_so()
    {
        var nowhere = Path.Combine(_directory.Path, "none", "audit.jsonl");

        (await _failback.RunAsync("audit", "export", "back", "--output", nowhere)).ShouldBe(ExitCode.Failed);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"{nowhere}: the audit cannot be written");
    }

    private static List<string> Replace(List<string> lines, int line, string former, string now)
    {
        lines[line].ShouldContain(former);
        lines[line] = lines[line].Replace(former, now, StringComparison.Ordinal);
        return lines;
    }

    private async Task<string> ExportAsync()
    {
        (await _failback.RunAsync("audit", "export", "back", "--output", _file)).ShouldBe(ExitCode.Success, _failback.Error);
        return Convert.ToHexStringLower(_coordinator.Campaigns.Audit[^1].Hash.Span);
    }
}
