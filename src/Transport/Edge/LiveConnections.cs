using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Grpc.Core;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Logging;

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

/// <summary>
/// All connections of an identity, of its servers and of its channels. What was right at the handshake is looked at again every second:
/// no connection outlives its peer's certificate, or the moment at which the deny list names it.
/// </summary>
internal sealed partial class LiveConnections
{
    // Long enough for a call to end by itself with its status, short enough for a denied peer to be gone within five seconds.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    // A connection that its peer has too many of is kept only until a call over it has been told so.
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
    /// <param name="maxAge">After which a connection takes no more calls; after twice as long its calls end, to be taken up over another one.</param>
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
                // It has ended by itself meanwhile, which is all that was wanted.
            }
        }
    }

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

        if (Reason(connection, denied, now) is { } reason)
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

    private static RpcFailure? Reason(LiveConnection connection, DenyList denied, DateTimeOffset now)
        => denied.EntryAgainst(connection.Peer) is { } entry
            ? new RpcFailure(StatusCode.Unavailable, ConnectionReason.CertificateDenied, $"{connection.Peer.Identity.Uri} is denied by '{entry}'")
            : now > connection.Peer.ValidUntil
                ? new RpcFailure(
                    StatusCode.Unavailable,
                    ConnectionReason.CertificateExpired,
                    string.Create(CultureInfo.InvariantCulture, $"the certificate of {connection.Peer.Identity.Uri}, by which this connection was opened, expired on {connection.Peer.ValidUntil:u}"))
                : null;

    private static RpcFailure Aged() => new(StatusCode.Unavailable, "CONNECTION_AGED", "the connection has reached its greatest age; the call may be taken up over a new one") { RetryDelay = TimeSpan.Zero };

    [LoggerMessage(4020, LogLevel.Warning, "Ended the connection with {Peer} at {Remote}: {Reason}")]
    private static partial void LogEnded(ILogger logger, string peer, string remote, string reason);
}
