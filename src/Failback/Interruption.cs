namespace HostAgent.Failback;

/// <summary>Handles Ctrl-C and SIGTERM: the first stops the command cleanly, a later one ends the process immediately.</summary>
internal sealed class Interruption(TimeProvider time) : IDisposable
{
    // One Ctrl-C can arrive twice: from the terminal and from the parent process.
    private static readonly TimeSpan SameSignal = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private long? _first;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _ended.Token;

    /// <summary>Handles a signal.</summary>
    /// <returns>True when it was handled; false when the system should end the process.</returns>
    public bool Take()
    {
        lock (_gate)
        {
            if (_first is { } first)
            {
                return time.GetElapsedTime(first) < SameSignal;
            }

            _first = time.GetTimestamp();
        }

        _ended.Cancel();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();
}
