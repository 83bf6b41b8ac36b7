using System.Diagnostics;
using System.Text.Json;

namespace HostAgent.Benchmarks.Tests;

/// <summary>Runs the benchmarks' program as a process.</summary>
internal static class BenchmarkProgram
{
    /// <summary>Runs a benchmark so quickly that its numbers mean nothing.</summary>
    /// <returns>Its report.</returns>
    public static async Task<JsonElement> ReportAsync(string benchmark)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "HostAgent.Benchmarks.exe" : "HostAgent.Benchmarks"), [benchmark, "--quick", "--output", "json"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var report = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            process.ExitCode.ShouldBe(0, await errors);
            return JsonElement.Parse(report);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
