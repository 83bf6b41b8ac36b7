using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HostAgent.EndToEnd.Tests.Processes;

/// <summary>
/// One operating-system process of the product, started as an operator's service manager would start it. It can be killed
/// without warning and started again with the same arguments.
/// </summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource Seen)> _awaited = [];
    private readonly IReadOnlyList<string> _arguments;
    private Process? _process;

    private readonly int? _openFiles;

    private readonly IReadOnlyDictionary<string, string>? _environment;

    private ServerProcess(IReadOnlyList<string> arguments, int? openFiles, IReadOnlyDictionary<string, string>? environment)
    {
        _arguments = arguments;
        _openFiles = openFiles;
        _environment = environment;
    }

    /// <summary>The address from the ready line.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Everything the process has written, for a failing test to show.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Starts the program with the arguments and waits for its ready line.</summary>
    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartAsync(arguments, openFiles: null);

    /// <summary>Starts the program with the arguments and a limit on its open files, and waits for its ready line.</summary>
    public static async Task<ServerProcess> StartAsync(IReadOnlyList<string> arguments, int? openFiles, IReadOnlyDictionary<string, string>? environment = null)
    {
        var server = new ServerProcess(arguments, openFiles, environment);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Ends the process with SIGKILL: it gets no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Ends when the process has written a line with this part, at any time since it was first started.</summary>
    /// <exception cref="TimeoutException">It has not; the message is all that it has written.</exception>
    public async Task WroteAsync(string part, TimeSpan patience)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.Exists(line => line.Contains(part, StringComparison.Ordinal)))
            {
                return;
            }

            _awaited.Add((part, seen));
        }

        try
        {
            await seen.Task.WaitAsync(patience);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"No line with '{part}':\n{Output}", exception);
        }
    }

    /// <summary>Sends a signal to the process.</summary>
    /// <param name="name">Its name, for example HUP.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Starts the process with the arguments it had, on the port it had.</summary>
    public async Task StartAgainAsync()
    {
        var arguments = _arguments.ToList();
        if (Address is not null)
        {
            arguments[arguments.IndexOf("--listen") + 1] = $"{Address.Host}:{Address.Port}";
        }

        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = FailbackCommand.StartInfo(arguments, _openFiles, _environment), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Read(line.Data, ready);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The process ended before it was ready:\n{Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        Address = await ready.Task.WaitAsync(StartDeadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }
    }

    private void Read(string? line, TaskCompletionSource<Uri> ready)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Add(line);
            foreach (var (part, seen) in _awaited)
            {
                if (line.Contains(part, StringComparison.Ordinal))
                {
                    seen.TrySetResult();
                }
            }
        }

        if (ReadyLine().Match(line) is { Success: true } match)
        {
            ready.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex("^(Agent .+|Coordinator) listens on (?<address>https://\\S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}
