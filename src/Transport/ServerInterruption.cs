namespace HostAgent.Transport;

/// <summary>An interval in which a server refuses every call, because its answers may be out of date. Registered only by servers to which that can happen.</summary>
public sealed class ServerInterruption : IDisposable
{
    private Interruption _now = new();

    /// <summary>What every call is answered; null while calls are served.</summary>
    public RpcFailure? Reason => Volatile.Read(ref _now).Reason;

    /// <summary>Cancelled when the next interruption begins: calls that are running end then.</summary>
    internal CancellationToken Begins => Volatile.Read(ref _now).Begins;

    /// <summary>Begins it, unless it has begun.</summary>
    /// <param name="reason">What every call is answered, those that are running too.</param>
    public void Begin(RpcFailure reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        Volatile.Read(ref _now).Begin(reason);
    }

    /// <summary>Ends it.</summary>
    public void End()
    {
        if (Reason is not null)
        {
            Interlocked.Exchange(ref _now, new Interruption()).Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Volatile.Read(ref _now).Dispose();

    private sealed class Interruption : IDisposable
    {
        private readonly CancellationTokenSource _begins = new();
        private RpcFailure? _reason;

        public Interruption() => Begins = _begins.Token;

        public RpcFailure? Reason => Volatile.Read(ref _reason);

        public CancellationToken Begins { get; }

        public void Begin(RpcFailure reason)
        {
            if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            {
                _begins.Cancel();
            }
        }

        public void Dispose() => _begins.Dispose();
    }
}
