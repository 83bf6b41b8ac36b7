using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HostAgent.Agent.Tests.Support.Processes;

/// <summary>A process of agents that kills itself.</summary>
internal sealed partial class AgentProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly int _agents;

    private AgentProcess(string lifeFile, int agents, int? largestFile, IReadOnlyDictionary<string, string>? environment)
    {
        _agents = agents;
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "HostAgent.KillableAgent.dll"), lifeFile];
        // With the signal ignored, a write beyond the limit fails as one on a full disk does.
        _process = new Process
        {
            StartInfo = largestFile is { } kibibytes
                ? new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; ulimit -S -f \"$1\"; shift; exec \"$@\"", "bash", kibibytes.ToString(CultureInfo.InvariantCulture), .. program])
                : new ProcessStartInfo(program[0], program[1..]),
            EnableRaisingEvents = true,
        };
        _process.StartInfo.RedirectStandardOutput = true;
        _process.StartInfo.RedirectStandardError = true;
        // The runtime maps its own code from a large file, which the limit would forbid.
        _process.StartInfo.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            _process.StartInfo.Environment[name] = value;
        }

        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The process ended before it was ready:\n{string.Join('\n', _lines)}"));
    }

    /// <summary>Starts a process and waits until all of its agents listen.</summary>
    /// <param name="lifeFile">What it does.</param>
    /// <param name="agents">How many agents it has.</param>
    /// <param name="largestFile">No file may become larger than so many KiB, until that is lifted; null for no limit.</param>
    /// <param name="environment">What stands in its environment besides ours; null for nothing.</param>
    public static async Task<AgentProcess> StartAsync(string lifeFile, int agents, int? largestFile = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = new AgentProcess(lifeFile, agents, largestFile, environment);
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        try
        {
            await process._ready.Task.WaitAsync(Deadline);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Uri AddressOf(string host) => _addresses[host];

    /// <summary>Lets files grow again.</summary>
    public async Task LiftLimitAsync()
    {
        using var lift = Process.Start("prlimit", ["--pid", _process.Id.ToString(CultureInfo.InvariantCulture), "--fsize=unlimited:"]);
        await lift.WaitForExitAsync();
        lift.ExitCode.ShouldBe(0);
    }

    /// <summary>Completes when the process has killed itself.</summary>
    public async Task EndedAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The process did not reach the moment of its death within {Deadline}:\n{string.Join('\n', _lines)}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (ReadyLine().Match(line) is { Success: true } match)
        {
            _addresses[match.Groups["host"].Value] = new Uri(match.Groups["address"].Value);
            if (_addresses.Count == _agents)
            {
                _ready.TrySetResult();
            }
        }
    }

    [GeneratedRegex("^Agent (?<host>\\S+) listens on (?<address>https://\\S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}
