using Grpc.Core;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HostAgent.Transport.InProcess;

/// <summary>
/// One TLS connection of a peer, as proof of who is at its other end: a part of the process that speaks for the peer, such as the console for a browser, shows it to
/// <see cref="InProcessServer"/> and is then judged as the peer itself would be.
/// </summary>
public sealed class PeerSession
{
    private readonly LiveConnection _connection;

    private PeerSession(LiveConnection connection) => _connection = connection;

    /// <summary>Who the peer is.</summary>
    public PeerIdentity Peer => _connection.Peer.Identity;

    /// <summary>When its certificate expires, and the session with it.</summary>
    public DateTimeOffset ValidUntil => _connection.Peer.ValidUntil;

    /// <summary>Why the connection serves nothing: the peer has too many, or it is ending. Null while it serves.</summary>
    public RpcFailure? Refusal => _connection.TooMany ?? _connection.Reason;

    internal ProvenPeer Proven => _connection.Peer;

    /// <summary>The session of the connection that a request came over.</summary>
    /// <exception cref="RpcFailure">UNAUTHENTICATED: it did not come through a listener with mutual TLS.</exception>
    public static PeerSession Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Asked first: a connection without a certificate has no identity either.
        context.GetPeer();
        return new PeerSession(context.Features.GetRequiredFeature<LiveConnection>());
    }
}

/// <summary>Tells calls that came by way of another part of this process.</summary>
public static class InProcessCallExtensions
{
    /// <summary>Whether a part of this process made the call in the name of its caller.</summary>
    public static bool IsInProcess(this ServerCallContext context) => context.GetHttpContext().Features.Get<InProcessOrigin>() is not null;
}
