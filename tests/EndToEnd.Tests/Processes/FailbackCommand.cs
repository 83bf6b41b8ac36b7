using System.Diagnostics;

namespace HostAgent.EndToEnd.Tests.Processes;

/// <summary>Runs the program <c>failback</c> as the build made it, in a process of its own.</summary>
internal static class FailbackCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>How the program is started.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="openFiles">The limit on its open files; the tests' own when null.</param>
    /// <param name="environment">Variables beside the tests' own; null for none.</param>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments, int? openFiles = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(openFiles is null ? "dotnet" : "/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        if (openFiles is not null)
        {
            // The shell gives way to the program, which keeps its limit and its process id.
            foreach (var word in (string[])["-c", $"ulimit -n {openFiles}; exec dotnet \"$@\"", "sh"])
            {
                start.ArgumentList.Add(word);
            }
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "failback.dll"));
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
        using var process = Process.Start(StartInfo(arguments, environment: environment))!;
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
