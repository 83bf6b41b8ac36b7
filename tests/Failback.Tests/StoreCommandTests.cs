using HostAgent.Cli;
using HostAgent.Cli.Tests.Fakes;

namespace HostAgent.Failback.Tests;

/// <summary>The command group <c>store</c>. That it checks, exports and imports is tested beside the coordinator's store.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private readonly CommandLine _failback = TestProgram.CommandLine();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("store-command-");

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task An_empty_store_goes_out_and_in_again()
    {
        var empty = Path.Combine(_directory.FullName, "empty.export");
        await File.WriteAllTextAsync(empty, """
            {"format":"failback-store/v2"}
            {"rows":0,"sha256":"SUM"}

            """.Replace("SUM", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("""{"format":"failback-store/v2"}"""u8.ToArray().Append((byte)'\n').ToArray())), StringComparison.Ordinal));
        var data = Path.Combine(_directory.FullName, "data");

        (await _failback.RunAsync("store", "import", "--from", empty, "--data", data)).ShouldBe(ExitCode.Success, _failback.Error);
        _failback.OutputLines[^1].ShouldBe($"'{Path.Combine(data, "campaigns.db")}': 0 campaigns, 0 events, 0 audit records, 0 returns, 0 drills, 0 proofs imported; all of it is intact.");

        (await _failback.RunAsync("store", "check", "--data", data)).ShouldBe(ExitCode.Success, _failback.Error);
        _failback.OutputLines[^1].ShouldBe($"'{Path.Combine(data, "campaigns.db")}': 0 campaigns, 0 events, 0 audit records, 0 returns, 0 drills, 0 proofs; all of it is intact.");

        var copy = Path.Combine(_directory.FullName, "copy.export");
        (await _failback.RunAsync("store", "export", "--to", copy, "--data", data)).ShouldBe(ExitCode.Success, _failback.Error);
        (await File.ReadAllTextAsync(copy)).ShouldBe(await File.ReadAllTextAsync(empty));
        (await _failback.RunAsync("store", "check", "--file", copy)).ShouldBe(ExitCode.Success, _failback.Error);
    }

    [Theory]
    [InlineData("The store '/nowhere/campaigns.db' does not exist: ", "check", "--data", "/nowhere")]
    [InlineData("Coordinator:Data is not set; it must be a directory.", "check")]
    [InlineData("Coordinator:Store:Host is not set; it must be ", "export", "--to", "x", "--Coordinator:Store:Kind", "postgresql")]
    [InlineData("/nowhere.export: the export cannot be read: ", "import", "--from", "/nowhere.export", "--data", "/nowhere")]
    [InlineData("'--nonsense' is not a switch", "check", "--data", "/nowhere", "--nonsense", "1")]
    public async Task What_is_wrong_is_one_line_and_exit_code_2(string expected, params string[] arguments)
    {
        (await _failback.RunAsync(["store", .. arguments])).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith(expected);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("export")]
    [InlineData("import")]
    public async Task Help_says_how_the_store_is_named(string verb)
    {
        (await _failback.RunAsync("store", verb, "--help")).ShouldBe(ExitCode.Success);

        _failback.Output.ShouldContain("--data DIRECTORY");
        _failback.Output.ShouldContain("--Coordinator:Store:Kind postgresql");
    }
}
