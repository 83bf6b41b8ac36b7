using System.ComponentModel;
using System.Diagnostics;

namespace HostAgent.Benchmarks.Comparison;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Errors">What it wrote to its standard error.</param>
internal sealed record ProgramEnd(int ExitCode, string Output, string Errors);

/// <summary>A comparison that cannot be made.</summary>
/// <param name="message">Why, in a sentence.</param>
/// <param name="exitCode">2 for wrong arguments, 1 for what went wrong on the way.</param>
internal sealed class ComparisonException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>Runs programs to their end.</summary>
internal static class ChildProgram
{
    /// <param name="start">What to run, and where.</param>
    /// <param name="errors">Receives the standard error while it is written; null to keep it only.</param>
    /// <param name="cancellation">Ends the program and what it has started.</param>
    /// <exception cref="ComparisonException">It cannot be started.</exception>
    public static async Task<ProgramEnd> RunAsync(ProcessStartInfo start, TextWriter? errors, CancellationToken cancellation)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Start(start);
        var told = ReadAsync(process.StandardError, errors);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new ProgramEnd(process.ExitCode, output, await told);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // Its files can be deleted only when it is gone.
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new ComparisonException($"'{start.FileName}' cannot be started: {exception.Message}.", exitCode: 1);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, TextWriter? errors)
    {
        var all = new StringWriter();
        while (await reader.ReadLineAsync() is { } line)
        {
            await all.WriteLineAsync(line);
            if (errors is not null)
            {
                await errors.WriteLineAsync(line);
            }
        }

        return all.ToString();
    }
}
