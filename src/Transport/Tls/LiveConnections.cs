using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tls;

/// <summary>
/// A connection whose handshake is done, and how to end it. A server's is ended in steps: no new calls, then every call with a status that
/// says why, then the connection itself. A channel's is only closed.
/// </summary>
/// <param name="peer">Who is at the other end.</param>
/// <param name="remote">Where.</param>
/// <param name="opened">When the handshake was done.</param>
/// <param name="takeNoMoreCalls">Asks the peer to open another connection for its next call; null on the client's side, which chooses its connections.</param>
/// <param name="close">Closes the connection at once.</param>
internal sealed class LiveConnection(ProvenPeer peer, string remote, DateTimeOffset opened, Action? takeNoMoreCalls, Action close) : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private volatile RpcFailure? _reason;

    public ProvenPeer Peer { get; } = peer;

    public string Remote { get; } = remote;

    public DateTimeOffset Opened { get; } = opened;

    /// <summary>The fraction of the maximum age at which this connection is old. It is spread, so that peers that connected together do not reconnect together. Null when it does not age.</summary>
    public double? AgePart { get; } = takeNoMoreCalls is null ? null : 0.9 + (RandomNumberGenerator.GetInt32(201) / 1000.0);

    /// <summary>Cancelled when the calls of the connection are to end.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Why it ends; null while it does not.</summary>
    public RpcFailure? Reason => _reason;

    /// <summary>Set when the peer has too many connections: why its calls are refused. Null otherwise.</summary>
    public RpcFailure? TooMany { get; init; }

    /// <summary>When it began to end.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Whether the peer has been asked to open another connection.</summary>
    public bool TakesNoMoreCalls { get; private set; }

    /// <summary>Accepts no more calls; running ones continue.</summary>
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

/// <summary>
/// All connections of an identity, of its servers and of its channels. What the handshake has checked is checked again every second:
/// no connection outlives its peer's certificate, or the moment at which the deny list names it.
/// </summary>
internal sealed partial class LiveConnections
{
    // Long enough for a call to end with its status, short enough for a denied peer to be gone within five seconds.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    // A connection over the peer's limit is kept only until one call on it has been refused.
    private static readonly TimeSpan LongestUnwanted = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<LiveConnection, bool> _all = new();

    public int Count => _all.Count;

    public void Add(LiveConnection connection) => _all.TryAdd(connection, true);

    public void Remove(LiveConnection connection)
    {
        if (_all.TryRemove(connection, out _))
        {
            connection.Dispose();
        }
    }

    /// <summary>Ends what must end.</summary>
    /// <param name="denied">Who is denied now.</param>
    /// <param name="now">The time by the identity's clock.</param>
    /// <param name="maxAge">After which a connection takes no more calls; after twice that its calls end and can be resumed on another one.</param>
    /// <param name="log">Takes a line for each connection that ends for its peer's sake.</param>
    public void Review(DenyList denied, DateTimeOffset now, TimeSpan maxAge, ILogger log)
    {
        foreach (var connection in _all.Keys)
        {
            try
            {
                Review(connection, denied, now, maxAge, log);
            }
            catch (ObjectDisposedException)
            {
                // It has ended in the meantime.
            }
        }
    }

    /// <summary>Why a peer has lost the right to its connections; null while it has it.</summary>
    public static RpcFailure? Reason(ProvenPeer peer, DenyList denied, DateTimeOffset now)
        => denied.EntryAgainst(peer) is { } entry
            ? new RpcFailure(StatusCode.Unavailable, ConnectionReason.CertificateDenied, $"{peer.Identity.Uri} is denied by '{entry}'")
            : now > peer.ValidUntil
                ? new RpcFailure(
                    StatusCode.Unavailable,
                    ConnectionReason.CertificateExpired,
                    string.Create(CultureInfo.InvariantCulture, $"the certificate of {peer.Identity.Uri}, by which this connection was opened, expired on {peer.ValidUntil:u}"))
                : null;

    private static void Review(LiveConnection connection, DenyList denied, DateTimeOffset now, TimeSpan maxAge, ILogger log)
    {
        if (connection.EndedAt is { } ended)
        {
            if (now >= ended + Grace)
            {
                connection.Close();
            }

            return;
        }

        if (Reason(connection.Peer, denied, now) is { } reason)
        {
            LogEnded(log, connection.Peer.Identity.Actor, connection.Remote, reason.Message);
            connection.End(reason, now);
        }
        else if (connection.TooMany is { } tooMany && now >= connection.Opened + LongestUnwanted)
        {
            connection.End(tooMany, now);
        }
        else if (connection.AgePart * maxAge is { } age && now >= connection.Opened + age)
        {
            Age(connection, age, now);
        }
    }

    private static void Age(LiveConnection connection, TimeSpan age, DateTimeOffset now)
    {
        if (now >= connection.Opened + age + age)
        {
            connection.End(Aged(), now);
        }
        else if (!connection.TakesNoMoreCalls)
        {
            connection.TakeNoMoreCalls();
        }
    }

    private static RpcFailure Aged() => new(StatusCode.Unavailable, "CONNECTION_AGED", "the connection has reached its maximum age; repeat or resume the call on a new connection") { RetryDelay = TimeSpan.Zero };

    [LoggerMessage(4020, LogLevel.Warning, "Ended the connection with {Peer} at {Remote}: {Reason}")]
    private static partial void LogEnded(ILogger logger, string peer, string remote, string reason);
}
