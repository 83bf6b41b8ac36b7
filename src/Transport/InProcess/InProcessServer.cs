using System.Net;
using System.Threading.Channels;
using Grpc.Net.Client;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Connections;

namespace HostAgent.Transport.InProcess;

/// <summary>
/// The server of this process without a socket: a part of the process speaks to its services as a peer whose TLS connection has been proved. Roles, quotas, audit and
/// refusals are those of a call over the network, for it is the same server. Nobody outside the process can reach it.
/// </summary>
/// <param name="identity">The identity of the server; its deny list and its clock judge every session once more.</param>
public sealed class InProcessServer(MutualTlsIdentity identity)
{
    private readonly Channel<ConnectionContext> _arrivals = Channel.CreateUnbounded<ConnectionContext>();
    private long _last;

    /// <summary>What the server's list of addresses has for it.</summary>
    public string Address => $"http://{EndPoint}";

    /// <summary>What the server listens on.</summary>
    internal EndPoint EndPoint { get; } = new Place();

    internal ChannelReader<ConnectionContext> Arrivals => _arrivals.Reader;

    internal MutualTlsIdentity Identity => identity;

    /// <summary>Opens a channel to the server's services in the name of a peer. Its connections end as the peer's own do: when the certificate expires or is denied.</summary>
    /// <param name="session">The peer's own connection.</param>
    /// <param name="remote">Where the peer is; the audit has it as the source of its commands.</param>
    /// <returns>The channel; disposing it closes its connections.</returns>
    public GrpcChannel OpenChannel(PeerSession session, IPEndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(remote);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => ValueTask.FromResult(Connect(session.Proven, remote)),
            EnableMultipleHttp2Connections = true,
            UseProxy = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        return GrpcChannel.ForAddress("http://in-process", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null });
    }

    /// <summary>No connection is accepted any more.</summary>
    internal void Close() => _arrivals.Writer.TryComplete();

    private Stream Connect(ProvenPeer peer, IPEndPoint remote)
    {
        if (LiveConnections.Reason(peer, identity.Denied, identity.Time.GetUtcNow()) is { } reason)
        {
            throw new IOException(reason.Message);
        }

        var connection = new InProcessConnection(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"in-process-{Interlocked.Increment(ref _last)}"), remote);
        connection.Features.Set(peer);
        connection.Features.Set(peer.Identity);
        connection.Features.Set(InProcessOrigin.Instance);
        return _arrivals.Writer.TryWrite(connection)
            ? connection.Client
            : throw new IOException("the server of this process has stopped");
    }

    private sealed class Place : EndPoint
    {
        public override string ToString() => "in-process";
    }
}

/// <summary>Marks a call that a part of this process made in the name of a peer.</summary>
internal sealed class InProcessOrigin
{
    public static readonly InProcessOrigin Instance = new();
}
