using System.Diagnostics;
using HostAgent.Benchmarks.Comparison;

namespace HostAgent.Benchmarks.Tests.Comparison;

/// <summary>The command itself, with a real build of the commit that these sources came from.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("compare-");

    public void Dispose() => _temporary.Delete(recursive: true);

    [Fact]
    public void Each_is_the_first_as_often_as_the_other() => CompareCommand.Turns(3).ShouldBe([true, false, false, true, true, false]);

    [Theory]
    [InlineData("no-such-commit", "engine", "The repository has no commit 'no-such-commit'. Name a hash, a branch or a tag.")]
    [InlineData("HEAD", "gate", "'gate' is no benchmark that can be compared. These can: grpc, engine, agent")]
    public async Task Wrong_argument_is_one_error(string commit, string benchmark, string error)
    {
        await RequireRepositoryAsync();
        var (exitCode, output, errors) = await RunAsync(commit, benchmark);

        exitCode.ShouldBe(2, errors);
        output.ShouldBeEmpty();
        errors.Trim().Split('\n').ShouldHaveSingleItem().ShouldStartWith(error);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    public async Task Rounds_out_of_range_are_one_error(string rounds)
    {
        var (exitCode, _, errors) = await RunAsync("HEAD", "engine", "--rounds", rounds);

        (exitCode, errors.Trim()).ShouldBe((2, $"--rounds is {rounds}; it must be 1 to 100."));
    }

    [Fact]
    public async Task A_commit_is_built_and_compared_and_leaves_nothing()
    {
        await RequireRepositoryAsync();
        var worktrees = await GitAsync("worktree", "list");
        var (exitCode, output, errors) = await RunAsync("HEAD", "engine", "--quick", "--rounds", "2");

        exitCode.ShouldBe(0, errors);
        output.ShouldContain("| results[items=200].input.medianMicroseconds | ");
        errors.Split('\n').Where(line => line.StartsWith("round ", StringComparison.Ordinal)).Select(line => line.TrimEnd()).ShouldBe(
            ["round 1 of 2: the former commit", "round 1 of 2: this build", "round 2 of 2: this build", "round 2 of 2: the former commit"]);
        _temporary.EnumerateFileSystemInfos("benchmarks-*").ShouldBeEmpty();
        (await GitAsync("worktree", "list")).ShouldBe(worktrees);
    }

    [Fact]
    public async Task An_interrupted_comparison_leaves_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another process is ended by a signal.");
        await RequireRepositoryAsync();
        var worktrees = await GitAsync("worktree", "list");
        using var process = BenchmarkProgram.Start(Environment(), "compare", "HEAD", "engine", "--quick");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull().ShouldStartWith("building the benchmarks of HEAD");

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldNotBe(0);
        (await output).ShouldBeEmpty();
        _temporary.EnumerateFileSystemInfos("benchmarks-*").ShouldBeEmpty();
        (await GitAsync("worktree", "list")).ShouldBe(worktrees);
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments) => BenchmarkProgram.RunAsync(Environment(), ["compare", .. arguments]);

    /// <summary>A directory of its own for temporary files shows what is left of them.</summary>
    private Dictionary<string, string> Environment() => new() { ["TMPDIR"] = _temporary.FullName, ["TMP"] = _temporary.FullName, ["TEMP"] = _temporary.FullName };

    private static async Task RequireRepositoryAsync()
    {
        Assert.SkipUnless(System.Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "git.exe" : "git"))), "git is not installed.");
        Assert.SkipWhen((await GitAsync("rev-parse", "--git-dir")).Length == 0, "These sources are not in a clone of the repository.");
    }

    private static async Task<string> GitAsync(params IEnumerable<string> arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Repository.Root, UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
