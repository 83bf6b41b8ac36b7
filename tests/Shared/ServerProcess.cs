using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HostAgent.Tests.Shared;

/// <summary>A process with one or more servers in it, which a test may kill.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly int _servers;

    private ServerProcess(string assembly, IReadOnlyList<string> arguments, int servers, int? largestFile, IReadOnlyDictionary<string, string>? environment)
    {
        _servers = servers;
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, assembly), .. arguments];
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

    /// <summary>Starts a process and waits until all of its servers listen.</summary>
    /// <param name="assembly">The program, a file beside the tests.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="servers">How many servers it has.</param>
    /// <param name="largestFile">The largest size of a file in KiB until the limit is lifted; null for no limit.</param>
    /// <param name="environment">Environment variables on top of ours; null for none.</param>
    public static async Task<ServerProcess> StartAsync(
        string assembly, IReadOnlyList<string> arguments, int servers = 1, int? largestFile = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = new ServerProcess(assembly, arguments, servers, largestFile, environment);
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

    /// <summary>The address of a server by the name in its ready line, such as "Agent hv-01".</summary>
    public Uri AddressOf(string server) => _addresses[server];

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
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The process did not end within {Deadline}:\n{string.Join('\n', _lines)}", exception);
        }
    }

    /// <summary>Kills the process when it still runs.</summary>
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
            _addresses[match.Groups["server"].Value] = new Uri(match.Groups["address"].Value);
            if (_addresses.Count == _servers)
            {
                _ready.TrySetResult();
            }
        }
    }

    [GeneratedRegex("^(?<server>(Agent \\S+|Coordinator)) listens on (?<address>https://\\S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}
