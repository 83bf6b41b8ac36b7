using System.Diagnostics;
using System.Text.Json;

namespace HostAgent.Benchmarks.Tests;

/// <summary>Runs the benchmarks' program as a process.</summary>
internal static class BenchmarkProgram
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    /// <summary>Runs a benchmark so quickly that its numbers mean nothing.</summary>
    /// <returns>Its report.</returns>
    public static async Task<JsonElement> ReportAsync(string benchmark)
    {
        var (exitCode, output, errors) = await RunAsync(benchmark, "--quick", "--output", "json");
        exitCode.ShouldBe(0, errors);
        return JsonElement.Parse(output);
    }

    /// <summary>Runs any command to its end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments) => RunAsync(NoEnvironment, arguments);

    /// <summary>Runs any command to its end, with more in its environment.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        using var process = Start(environment, arguments);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Starts any command; its output and its errors are to be read.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "HostAgent.Benchmarks.exe" : "HostAgent.Benchmarks"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
