using System.Collections.Concurrent;
using System.Diagnostics;
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

    private AgentProcess(string lifeFile, int agents)
    {
        _agents = agents;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "HostAgent.KillableAgent.dll"), lifeFile])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The process ended before it was ready:\n{string.Join('\n', _lines)}"));
    }

    public static async Task<AgentProcess> StartAsync(string lifeFile, int agents)
    {
        var process = new AgentProcess(lifeFile, agents);
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
