using System.Diagnostics;

namespace HostAgent.Conformance.Peers;

/// <summary>
/// A running peer. It writes one JSON object a line on its standard output; what it writes elsewhere is kept for a failing test
/// to show. It ends when it is done, when it is disposed, or when its time is over.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly CancellationTokenSource _time = new(Lifetime);
    private readonly Task<string> _errors;
    private readonly Task _reading;
    private readonly Task<string> _ended;

    public PeerProcess(ProcessStartInfo start, Action<string> read)
    {
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        _reading = ReadAsync(read);
        _ended = WaitAsync();
    }

    /// <summary>Ends with the process: how it ended and what it wrote to its standard error.</summary>
    public Task<string> EndAsync() => _ended;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        // Whoever waits for the end still asks the process for it.
        await _ended;
        await _reading;
        _process.Dispose();
        _time.Dispose();
    }

    private async Task<string> WaitAsync()
    {
        try
        {
            await _reading.WaitAsync(_time.Token);
            await _process.WaitForExitAsync(_time.Token);
            return $"The peer ended with exit code {_process.ExitCode}.\n{await _errors}";
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            return $"The peer was ended after {Lifetime.TotalSeconds} s.\n{await _errors}";
        }
    }

    private async Task ReadAsync(Action<string> read)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            read(line);
        }
    }
}
