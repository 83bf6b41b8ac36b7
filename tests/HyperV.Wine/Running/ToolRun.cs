using System.Diagnostics;

namespace HostAgent.HyperV.Wine.Running;

/// <summary>A program that has run to its end, or that was ended because its time was over.</summary>
/// <param name="ExitCode">Its exit code; null when its time was over.</param>
/// <param name="Lines">What it wrote to its standard output, line by line.</param>
/// <param name="ErrorLines">What it wrote to its standard error, line by line.</param>
internal sealed record ToolRun(int? ExitCode, IReadOnlyList<string> Lines, IReadOnlyList<string> ErrorLines)
{
    // Into files and not through pipes: what a Windows program starts in passing would hold a pipe open long after the program's end.
    private const string IntoFiles = "exec \"$0\" \"$@\" >\"$TOOL_RUN/output\" 2>\"$TOOL_RUN/errors\" </dev/null";

    /// <summary>How it ended, in words.</summary>
    public string End => ExitCode is { } code ? $"ended with exit code {code}" : "was ended because its time was over";

    /// <summary>What it wrote to its standard error.</summary>
    public string Errors => string.Join('\n', ErrorLines);

    /// <summary>Runs a program; ends it when its time is over.</summary>
    public static async Task<ToolRun> StartAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, TimeSpan patience)
    {
        var files = Directory.CreateTempSubdirectory("tool-run-").FullName;
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", IntoFiles, program, .. arguments]);
            foreach (var (name, value) in environment.Append(new("TOOL_RUN", files)))
            {
                start.Environment[name] = value;
            }

            using var process = Process.Start(start)!;
            var ended = await EndAsync(process, patience);
            return new ToolRun(ended ? process.ExitCode : null, await LinesAsync(Path.Combine(files, "output")), await LinesAsync(Path.Combine(files, "errors")));
        }
        finally
        {
            Directory.Delete(files, recursive: true);
        }
    }

    /// <summary>Fails unless the program has succeeded.</summary>
    public ToolRun Require(string what)
        => ExitCode == 0 ? this : throw new InvalidOperationException($"{what} {End}.\n{string.Join('\n', Lines)}\n{Errors}");

    // Wine writes zeros between its lines.
    private static async Task<IReadOnlyList<string>> LinesAsync(string file)
        => (await File.ReadAllTextAsync(file)).Replace("\0", string.Empty, StringComparison.Ordinal).Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static async Task<bool> EndAsync(Process process, TimeSpan patience)
    {
        using var time = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(time.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return false;
        }
    }
}
