using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>Tools that do something on many targets at once: each runs <c>true</c> on this machine for every target. They keep no record and speak to nobody, so they do less.</summary>
internal static class OtherTools
{
    private const string Configuration = "ansible.cfg";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs every tool that is there.</summary>
    /// <param name="targets">How many targets.</param>
    /// <param name="fanOut">How many at once.</param>
    /// <param name="results">Takes what was found.</param>
    /// <param name="missing">Takes the tools that are not there, with the reason.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task RunAsync(int targets, int fanOut, ICollection<ToolResult> results, IDictionary<string, string> missing, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("benchmark-tools-");
        try
        {
            var inventory = Path.Combine(directory.FullName, "targets");
            await File.WriteAllLinesAsync(inventory, Enumerable.Range(0, targets).Select(ScriptedAgents.NameOf), cancellation);
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, Configuration), "", cancellation);
            var (count, atOnce) = (targets.ToString(CultureInfo.InvariantCulture), fanOut.ToString(CultureInfo.InvariantCulture));
            Tool[] tools =
            [
                new("Ansible", "BENCHMARK_ANSIBLE", "ansible", ["all", "--inventory", inventory, "--connection", "local", "--forks", atOnce, "--module-name", "raw", "--args", "true", "--one-line"]),
                new("ClusterShell", "BENCHMARK_CLUSH", "clush", ["--worker=exec", "-f", atOnce, "-w", $"hv-[1-{count}]", "true"]),
            ];
            foreach (var tool in tools)
            {
                var (seconds, failure) = await RunAsync(tool, directory.FullName, cancellation);
                if (failure is null)
                {
                    results.Add(new ToolResult(tool.Name, Math.Round(seconds, 2), Math.Round(targets / seconds)));
                }
                else
                {
                    missing.Add(tool.Name, failure);
                }
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<(double Seconds, string? Failure)> RunAsync(Tool tool, string home, CancellationToken cancellation)
    {
        var program = Environment.GetEnvironmentVariable(tool.Variable) ?? tool.Command;
        var start = new ProcessStartInfo(program, tool.Arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // Nothing of whoever runs the benchmark: no configuration, and nothing left behind.
        start.Environment["HOME"] = home;
        start.Environment["ANSIBLE_HOME"] = home;
        start.Environment["ANSIBLE_CONFIG"] = Path.Combine(home, Configuration);
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var started = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await output;
            var said = (await error).Trim().Split('\n')[^1];
            return (seconds, process.ExitCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"'{program}' ended with {process.ExitCode}: {said}"));
        }
        catch (Win32Exception absent)
        {
            return (0, $"'{program}' cannot be started ({absent.Message}); {tool.Variable} names another one");
        }
    }

    private sealed record Tool(string Name, string Variable, string Command, IReadOnlyList<string> Arguments);
}
