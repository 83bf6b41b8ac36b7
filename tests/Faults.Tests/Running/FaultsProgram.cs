using System.Diagnostics;
using System.Text.Json;

namespace HostAgent.Faults.Tests.Running;

/// <summary>Runs the runner as a process.</summary>
internal static class FaultsProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, its last line, and everything it wrote.</returns>
    public static async Task<(int ExitCode, JsonElement Summary, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "HostAgent.Faults.dll"), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            var said = output + await errors;
            var last = output.TrimEnd().Split('\n')[^1];
            return (process.ExitCode, last.StartsWith('{') ? JsonElement.Parse(last) : default, said);
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
