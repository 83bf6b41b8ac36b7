using System.Diagnostics;
using System.Text.RegularExpressions;
using HostAgent.Cli;
using HostAgent.Texts;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>
/// An agent or coordinator in its own process. It ends when its standard input is closed, and so also when this process is
/// killed.
/// </summary>
internal sealed partial class ChildProcessNode : IDemoNode
{
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly TextWriter _log;
    private readonly Task _reading;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wraps a process that has just been started, and writes its output to a log file.</summary>
    public ChildProcessNode(string name, Process process, string logFile, TimeProvider time)
    {
        Name = name;
        _process = process;
        _time = time;
        _log = TextWriter.Synchronized(OutputFile.StartLog(logFile));
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, watchForReady: true), ReadAsync(process.StandardError, watchForReady: false));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Uri Address => _ready.Task.IsCompletedSuccessfully ? _ready.Task.Result : throw new InvalidOperationException($"{Name} is not ready.");

    /// <summary>Ends with the ready line, which a coordinator that stands by writes when it takes over; never, when the process ends without one.</summary>
    public Task BeginsWork => _ready.Task;

    /// <summary>Waits for the ready line.</summary>
    /// <exception cref="CommandException">The process ended first, or was not ready in time.</exception>
    public async Task ReadyAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            var first = await Task.WhenAny(_ready.Task, _reading).WaitAsync(deadline, _time, cancellationToken);
            if (first != _ready.Task && !_ready.Task.IsCompleted)
            {
                await _process.WaitForExitAsync(cancellationToken);
                throw new CommandException(ExitCode.Failed, $"{Name} did not start: its process ended with exit code {_process.ExitCode}.");
            }
        }
        catch (TimeoutException)
        {
            throw new CommandException(ExitCode.Failed, $"{Name} did not start: it was not ready within {deadline.TotalSeconds:0} s.");
        }
    }

    /// <summary>Kills the process without a warning, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to stop, and kills it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndDeadline, _time);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader, bool watchForReady)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            await _log.WriteLineAsync(line);
            if (watchForReady && ReadyLine().Match(line) is { Success: true } match)
            {
                _ready.TrySetResult(new Uri(match.Groups["address"].Value));
            }
        }
    }

    [GeneratedRegex(@"^(Agent \S+|Coordinator) listens on (?<address>https://\S+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadyLine();
}
