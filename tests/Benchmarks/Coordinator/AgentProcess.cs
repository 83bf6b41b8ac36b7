using System.Diagnostics;
using System.Text.Json;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>A process of this program with agents in it. It says one line when they listen, and answers each line that it is told with one; all of them are JSON.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    public AgentProcess(params IEnumerable<string> arguments) =>
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Reads its next line.</summary>
    public async Task<T> ReadAsync<T>(CancellationToken cancellation) =>
        JsonSerializer.Deserialize<T>(await _process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("The process of the agents has ended; its standard error says why."))!;

    /// <summary>Tells it something; its answer is what it has used so far.</summary>
    public async Task<ProcessFigures> TellAsync<T>(T word, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(word).AsMemory(), cancellation);
            await _process.StandardInput.FlushAsync(cancellation);
            return await ReadAsync<ProcessFigures>(cancellation);
        }
        finally
        {
            _turn.Release();
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
        _turn.Dispose();
    }
}
