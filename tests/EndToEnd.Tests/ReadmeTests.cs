using System.Diagnostics;
using System.Text.RegularExpressions;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.EndToEnd.Tests;

/// <summary>
/// What README.md tells a stranger to type is typed here: every <c>yaml</c> block whose first line names a file becomes that file,
/// and the <c>sh</c> blocks of the guide run as one script, in order, with <c>failback</c> meaning the program just built.
/// </summary>
public sealed partial class ReadmeTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task Guide_typed_as_it_stands_runs_a_campaign_to_its_end()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var guide = readme[readme.IndexOf("\n## Guide", StringComparison.Ordinal)..];
        var directory = Directory.CreateTempSubdirectory("failback-readme-");
        try
        {
            foreach (Match file in YamlFile().Matches(guide))
            {
                await File.WriteAllTextAsync(Path.Combine(directory.FullName, file.Groups["name"].Value), file.Groups["text"].Value);
            }

            var result = await RunAsync(directory.FullName, string.Concat(ShellBlock().Matches(guide).Select(block => block.Groups["text"].Value)));

            result.ExitCode.ShouldBe(0, result.Everything);
            result.Output.ShouldContain("COMPLETED", Case.Sensitive, result.Everything);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Runs the script with bash; what it left in the background is ended with it.</summary>
    private static async Task<CliResult> RunAsync(string directory, string script)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-s"])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync();
        var error = bash.StandardError.ReadToEndAsync();
        // A program of its own and not a function: what runs in the background must be the process that the trap ends.
        await bash.StandardInput.WriteAsync($$"""
            mkdir bin
            printf '#!/bin/sh\nexec dotnet "%s" "$@"\n' '{{Path.Combine(AppContext.BaseDirectory, "failback.dll")}}' > bin/failback
            chmod +x bin/failback
            PATH=$PWD/bin:$PATH
            trap 'kill $(jobs -p); wait' EXIT
            {{script}}
            """);
        bash.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await bash.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException exception)
        {
            bash.Kill(entireProcessTree: true);
            throw new TimeoutException($"The guide did not end within {Deadline}:\n{await output}\n{await error}", exception);
        }

        return new CliResult(bash.ExitCode, await output, await error);
    }

    [GeneratedRegex("^```sh\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("^```yaml\n(?<text># (?<name>\\S+\\.yaml)\n.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex YamlFile();
}
