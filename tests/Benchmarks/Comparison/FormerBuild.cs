using System.Diagnostics;

namespace HostAgent.Benchmarks.Comparison;

/// <summary>The benchmarks of another commit: checked out in a worktree of its own in a temporary directory, built, and removed with it.</summary>
internal sealed class FormerBuild : IAsyncDisposable
{
    private const int MostLines = 20;

    private readonly DirectoryInfo _directory;
    private readonly string _sources;

    private FormerBuild(string commit, DirectoryInfo directory)
    {
        Commit = commit;
        _directory = directory;
        _sources = Path.Combine(directory.FullName, "former");
    }

    /// <summary>The full hash.</summary>
    public string Commit { get; }

    /// <summary>For the temporary files of what is measured: what an interrupted benchmark leaves is removed too.</summary>
    public string Scratch => _directory.CreateSubdirectory("scratch").FullName;

    /// <summary>Finds out which commit is meant.</summary>
    /// <param name="name">A hash, a branch or a tag.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The full hash.</returns>
    /// <exception cref="ComparisonException">There is no such commit, no repository or no git.</exception>
    public static async Task<string> FindAsync(string name, CancellationToken cancellation)
    {
        var repository = await GitAsync(cancellation, "rev-parse", "--git-dir");
        if (repository.ExitCode != 0)
        {
            throw new ComparisonException($"Commits are compared in a clone of the repository, and '{ThisBuild.ProjectDirectory}' is not in one: {repository.Errors.Trim()}", exitCode: 2);
        }

        var found = await GitAsync(cancellation, "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}");
        return found.ExitCode == 0
            ? found.Output.Trim()
            : throw new ComparisonException($"The repository has no commit '{name}'. Name a hash, a branch or a tag.", exitCode: 2);
    }

    /// <summary>Checks a commit out. What it takes is removed again when that fails.</summary>
    /// <param name="commit">The full hash.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<FormerBuild> CheckOutAsync(string commit, CancellationToken cancellation)
    {
        var build = new FormerBuild(commit, Directory.CreateTempSubdirectory("benchmarks-"));
        try
        {
            // No hook of the user's runs for a checkout that nobody works in.
            build.Require("Checking out", await GitAsync(cancellation, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", build._sources, commit));
            return build;
        }
        catch
        {
            await build.DisposeAsync();
            throw;
        }
    }

    /// <summary>Builds the benchmarks in the configuration of this build.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The program.</returns>
    /// <exception cref="ComparisonException">They do not build.</exception>
    public async Task<string> BuildAsync(CancellationToken cancellation)
    {
        var project = Path.Combine(_sources, "tests", "Benchmarks");
        // Nodes that stayed would keep the directory in use.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["build", "-c", ThisBuild.Configuration, "--nologo", "-v", "quiet", "-nodeReuse:false"]) { WorkingDirectory = project };
        Require("Building", await ChildProgram.RunAsync(start, null, cancellation));
        return Directory.EnumerateFiles(Path.Combine(project, "bin", ThisBuild.Configuration), Path.GetFileName(ThisBuild.Program), SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new ComparisonException($"Commit {Commit} builds no {Path.GetFileName(ThisBuild.Program)}: it has no benchmarks.", exitCode: 1);
    }

    public async ValueTask DisposeAsync()
    {
        // Git forgets the worktree by the same command; a checkout that was interrupted may not be one yet.
        var removed = await GitAsync(CancellationToken.None, "worktree", "remove", "--force", "--force", _sources);
        _directory.Delete(recursive: true);
        if (removed.ExitCode != 0)
        {
            await GitAsync(CancellationToken.None, "worktree", "prune");
        }
    }

    private static Task<ProgramEnd> GitAsync(CancellationToken cancellation, params IEnumerable<string> arguments) =>
        ChildProgram.RunAsync(new ProcessStartInfo("git", arguments) { WorkingDirectory = ThisBuild.ProjectDirectory }, null, cancellation);

    private void Require(string deed, ProgramEnd end)
    {
        if (end.ExitCode != 0)
        {
            throw new ComparisonException($"{deed} commit {Commit} failed:\n{string.Join('\n', (end.Output + end.Errors).Trim().Split('\n').TakeLast(MostLines))}", exitCode: 1);
        }
    }
}
