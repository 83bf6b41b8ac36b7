using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HostAgent.Tests.Shared.Processes;

/// <summary>How a server is started.</summary>
internal sealed record ServerSettings
{
    /// <summary>The product's program, with nothing special about it.</summary>
    public static ServerSettings Plain { get; } = new();

    /// <summary>The program, a file beside the tests.</summary>
    public string Assembly { get; init; } = "failback.dll";

    /// <summary>The program of its first life, where that is another one: a file. Null where it is not.</summary>
    public string? First { get; init; }

    /// <summary>What comes before its arguments, by the number of the life, from 0.</summary>
    public Func<int, IReadOnlyList<string>> Before { get; init; } = _ => [];

    /// <summary>The limit on its open files; the tests' own when null.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Whether a write beyond a limit on the size of files fails, as on a full disk, and does not end it.</summary>
    public bool SurvivesFullDisk { get; init; }

    /// <summary>Variables beside the tests' own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// One operating-system process of the product, started as an operator's service manager would start it. It can be killed
/// without warning and started again with the same arguments.
/// </summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource Seen)> _awaited = [];
    private readonly IReadOnlyList<string> _arguments;
    private readonly ServerSettings _settings;
    private Process? _process;
    private TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(IReadOnlyList<string> arguments, ServerSettings settings)
    {
        _arguments = arguments;
        _settings = settings;
        var listens = new Uri($"https://{arguments.SkipWhile(word => word != "--listen").ElementAt(1)}");
        Address = listens.Port == 0 ? null! : listens;
    }

    /// <summary>Where it listens as soon as it is ready: as told, or as the ready line says when any free port will do.</summary>
    public Uri Address { get; private set; }

    /// <summary>How often it was started.</summary>
    public int Lives { get; private set; }

    /// <summary>Whether it runs and has written its ready line.</summary>
    public bool IsReady => IsAlive && _ready.Task.IsCompletedSuccessfully;

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
    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartAsync(arguments, ServerSettings.Plain);

    /// <summary>Starts the program with the arguments, and waits for its ready line.</summary>
    public static async Task<ServerProcess> StartAsync(IReadOnlyList<string> arguments, ServerSettings settings)
    {
        var server = new ServerProcess(arguments, settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A program that is not started yet: one that stands by is ready only when it is needed.</summary>
    public static ServerProcess Of(IReadOnlyList<string> arguments, ServerSettings settings) => new(arguments, settings);

    /// <summary>Whether the process runs.</summary>
    public bool IsAlive => _process is { HasExited: false };

    /// <summary>What it has ended with.</summary>
    public int ExitCode => _process!.ExitCode;

    /// <summary>Its process id.</summary>
    public int Id => _process!.Id;

    /// <summary>Ends when the process has ended by itself, or was killed.</summary>
    public Task EndedAsync(CancellationToken cancellationToken) => _process!.WaitForExitAsync(cancellationToken);

    /// <summary>Ends the process with SIGKILL: it gets no chance to tidy up.</summary>
    public Task KillAsync() => EndAsync(process => process.Kill());

    /// <summary>Asks the process to stop, as a service manager does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await EndAsync(_ => { });
    }

    private async Task EndAsync(Action<Process> end)
    {
        end(_process!);
        await _process!.WaitForExitAsync();
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

    /// <summary>Starts the process with the arguments it had, on the port it had, and waits for its ready line.</summary>
    public async Task StartAgainAsync()
    {
        Begin();
        await _ready.Task.WaitAsync(StartDeadline);
    }

    /// <summary>As <see cref="StartAgainAsync"/>, but does not wait: one that stands by is ready only when it is needed.</summary>
    public void Begin()
    {
        var arguments = _arguments.ToList();
        if (Address is not null)
        {
            arguments[arguments.IndexOf("--listen") + 1] = $"{Address.Host}:{Address.Port}";
        }

        var settings = Lives == 0 && _settings.First is { } first ? _settings with { Assembly = first } : _settings;
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = FailbackCommand.StartInfo([.. _settings.Before(Lives), .. arguments], settings), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Read(line.Data, ready);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The process ended before it was ready:\n{Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        (_ready, _process) = (ready, process);
        Lives++;
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
            Address = new Uri(match.Groups["address"].Value);
            ready.TrySetResult(Address);
        }
    }

    [GeneratedRegex("^(Agent .+|Coordinator) listens on (?<address>https://\\S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}
