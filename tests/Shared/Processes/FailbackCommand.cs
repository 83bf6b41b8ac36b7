using System.Diagnostics;

namespace HostAgent.Tests.Shared.Processes;

/// <summary>Runs the program <c>failback</c> as the build made it, in a process of its own.</summary>
internal static class FailbackCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>How a program is started.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">The program, and what is special about it.</param>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments, ServerSettings settings)
    {
        List<string> before = [];
        if (settings.OpenFiles is { } files)
        {
            before.Add($"ulimit -n {files}");
        }

        if (settings.SurvivesFullDisk)
        {
            before.Add("trap '' XFSZ");
        }

        var start = new ProcessStartInfo(before.Count == 0 ? "dotnet" : "/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        if (before.Count > 0)
        {
            // The shell gives way to the program, which keeps its limits and its process id.
            foreach (var word in (string[])["-c", $"{string.Join("; ", before)}; exec dotnet \"$@\"", "sh"])
            {
                start.ArgumentList.Add(word);
            }
        }

        if (settings.SurvivesFullDisk)
        {
            // The runtime maps its own code from a large file, which a limit would forbid.
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        }

        foreach (var (name, value) in settings.Environment)
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, settings.Assembly));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Runs the program to its end.</summary>
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <summary>Runs the program to its end, with variables beside the tests' own.</summary>
    public static async Task<CliResult> RunAsync(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(arguments, ServerSettings.Plain with { Environment = environment ?? new Dictionary<string, string>() }))!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill();
            throw new TimeoutException(
                $"'failback {string.Join(' ', arguments)}' did not end within {Deadline}:\n{await output}\n{await error}", exception);
        }

        return new CliResult(process.ExitCode, await output, await error);
    }
}

/// <summary>What a run of the program left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for a failing test to show.</summary>
    public string Everything => $"exit code {ExitCode}\n{Output}\n{Error}";
}
