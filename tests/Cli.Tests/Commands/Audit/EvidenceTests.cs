using System.IO.Compression;
using System.Text;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared;

namespace HostAgent.Cli.Tests.Commands.Audit;

public sealed class EvidenceTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback;
    private readonly TemporaryDirectory _directory = new();
    private readonly string _file;
    private string _seal;

    public EvidenceTests(FakeCoordinator coordinator)
    {
        _failback = new CommandLine(coordinator);
        _file = Path.Combine(_directory.Path, "evidence.zip");
        coordinator.Campaigns.Audit = Chain.Of("campaigns/back", 5);

        // The newest record is younger than the report.
        _seal = Convert.ToHexStringLower(coordinator.Campaigns.Audit[3].Hash.Span);
        coordinator.Campaigns.Report = async (request, pieces) =>
        {
            var text = request.Format == ReportFormat.Json ? $"{{\"name\":\"campaigns/back\",\"audit\":{{\"head_hash\":\"{_seal}\"}}}}" : $"the report as {request.Format}";
            await pieces.WriteAsync(new ExportReportResponse { Content = Google.Protobuf.ByteString.CopyFromUtf8(text) });
        };
    }

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task One_file_has_everything_and_is_checked_without_the_coordinator()
    {
        await PackAsync();

        using (var archive = ZipFile.OpenRead(_file))
        {
            archive.Entries.Select(entry => entry.FullName).ShouldBe(["report.html", "report.json", "report.csv", "audit.jsonl", "manifest.json"]);
        }

        var head = _failback.OutputLines[0].Split(' ')[^1];
        _failback.OutputLines[1].ShouldStartWith("SHA-256 of the file: ");
        using var offline = new CommandLine();
        (await offline.RunAsync("audit", "verify", _file)).ShouldBe(ExitCode.Success, offline.Error);
        offline.OutputLines.ShouldHaveSingleItem().ShouldBe($"{_file}: 5 records of campaigns/back, intact. Head: {head}");
        (await offline.RunAsync("audit", "verify", _file, "--head", _seal)).ShouldBe(ExitCode.Success, offline.Error);
        (await offline.RunAsync("audit", "verify", _file, "--head", new string('0', 64))).ShouldBe(ExitCode.Failed);
    }

    [Theory]
    [InlineData("report.html", "report.html was changed: its SHA-256 is not that of the list")]
    [InlineData("report.json", "report.json was changed: its SHA-256 is not that of the list")]
    [InlineData("audit.jsonl", "audit.jsonl was changed: its SHA-256 is not that of the list")]
    public async Task A_part_that_was_changed_is_named(string part, string expected)
    {
        await PackAsync();
        await ChangeAsync(part, text => text + " ");

        await BrokenAsync(expected);
    }

    [Fact]
    public async Task A_part_that_is_missing_or_was_added_is_named()
    {
        await PackAsync();
        using (var archive = ZipFile.Open(_file, ZipArchiveMode.Update))
        {
            archive.CreateEntry("more.txt");
        }

        await BrokenAsync("more.txt is in it and not in its list");
        using (var archive = ZipFile.Open(_file, ZipArchiveMode.Update))
        {
            archive.GetEntry("more.txt")!.Delete();
            archive.GetEntry("report.csv")!.Delete();
        }

        await BrokenAsync("report.csv is missing");
    }

    [Fact]
    public async Task A_report_whose_seal_is_not_in_the_records_is_not_theirs()
    {
        _seal = new string('a', 64);
        await PackAsync();

        await BrokenAsync($"no record has the hash {_seal}: the noted record was cut off, or the whole file was rewritten");
    }

    [Theory]
    [InlineData("no zip at all", "PK\u0003\u0004 nothing", "not a zip file that can be read")]
    [InlineData("another zip", "", "not an evidence pack; it must have manifest.json")]
    [InlineData("a list that is none", "{\"format\":\"failback-evidence/v1\"}", "manifest.json cannot be read")]
    [InlineData("a list with a part twice", "{\"format\":\"failback-evidence/v1\",\"campaign\":\"campaigns/back\",\"parts\":[{\"name\":\"a\",\"sha256\":\"\"},{\"name\":\"a\",\"sha256\":\"\"}]}", "manifest.json cannot be read")]
    public async Task What_is_no_pack_is_said_in_one_line(string what, string content, string expected)
    {
        if (content.StartsWith("PK", StringComparison.Ordinal))
        {
            await File.WriteAllTextAsync(_file, content);
        }
        else
        {
            using var archive = ZipFile.Open(_file, ZipArchiveMode.Create);
            await using var entry = await archive.CreateEntry(content.Length == 0 ? "other.json" : "manifest.json").OpenAsync();
            await entry.WriteAsync(Encoding.UTF8.GetBytes(content));
        }

        using var offline = new CommandLine();
        (await offline.RunAsync("audit", "verify", _file)).ShouldBe(ExitCode.Invalid, what);
        offline.ErrorLines.ShouldHaveSingleItem().ShouldContain(expected);
    }

    private async Task PackAsync() => (await _failback.RunAsync("audit", "evidence", "back", "--output", _file)).ShouldBe(ExitCode.Success, _failback.Error);

    private async Task BrokenAsync(string expected)
    {
        using var offline = new CommandLine();
        (await offline.RunAsync("audit", "verify", _file)).ShouldBe(ExitCode.Failed);
        offline.ErrorLines[0].ShouldBe($"{_file}: NOT INTACT: {expected}.");
    }

    private async Task ChangeAsync(string part, Func<string, string> change)
    {
        using var archive = ZipFile.Open(_file, ZipArchiveMode.Update);
        var entry = archive.GetEntry(part)!;
        string text;
        using (var reader = new StreamReader(await entry.OpenAsync()))
        {
            text = await reader.ReadToEndAsync();
        }

        entry.Delete();
        await using var writer = new StreamWriter(await archive.CreateEntry(part).OpenAsync());
        await writer.WriteAsync(change(text));
    }
}
