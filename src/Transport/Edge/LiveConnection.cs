using System.Security.Cryptography;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Edge;

/// <summary>
/// A connection whose handshake is done, and how to end it. A server's is ended in steps: no new calls, then every call with a status that
/// says why, then the connection itself. A channel's is only closed.
/// </summary>
/// <param name="peer">Who is at the other end.</param>
/// <param name="remote">Where.</param>
/// <param name="opened">When the handshake was done.</param>
/// <param name="takeNoMoreCalls">Tells the peer to open another connection for its next call; null at the side that calls, which chooses by itself.</param>
/// <param name="close">Closes the connection at once.</param>
internal sealed class LiveConnection(ProvenPeer peer, string remote, DateTimeOffset opened, Action? takeNoMoreCalls, Action close) : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private volatile RpcFailure? _reason;

    public ProvenPeer Peer { get; } = peer;

    public string Remote { get; } = remote;

    public DateTimeOffset Opened { get; } = opened;

    /// <summary>The part of the greatest age at which this one is old: spread, so that peers that came together do not come again together. Null when it does not age.</summary>
    public double? AgePart { get; } = takeNoMoreCalls is null ? null : 0.9 + (RandomNumberGenerator.GetInt32(201) / 1000.0);

    /// <summary>Cancelled when the calls of the connection are to end.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Why it ends; null while it does not.</summary>
    public RpcFailure? Reason => _reason;

    /// <summary>Why its calls are refused although the peer is a good one: it has too many connections. Null when it has not.</summary>
    public RpcFailure? TooMany { get; init; }

    /// <summary>When it began to end.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Whether the peer has been told to open another connection.</summary>
    public bool TakesNoMoreCalls { get; private set; }

    /// <summary>Lets calls that run go on and takes no more.</summary>
    public void TakeNoMoreCalls()
    {
        TakesNoMoreCalls = true;
        takeNoMoreCalls?.Invoke();
    }

    /// <summary>Ends every call with this status.</summary>
    public void End(RpcFailure reason, DateTimeOffset now)
    {
        (EndedAt, _reason) = (now, reason);
        TakeNoMoreCalls();
        _ending.Cancel();
    }

    /// <summary>Closes the connection, whatever its calls do.</summary>
    public void Close() => close();

    public void Dispose() => _ending.Dispose();
}
