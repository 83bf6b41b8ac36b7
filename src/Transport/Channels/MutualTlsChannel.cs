using Grpc.Net.Client;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Channels;

/// <summary>Opens channels to peers.</summary>
public static class MutualTlsChannel
{
    /// <summary>
    /// Opens a channel that presents our certificate and talks only to the peer expected at the other end: one whose certificate
    /// our own authority issued for servers, whose role is <paramref name="expectedRole"/> and whose name is
    /// <paramref name="expectedName"/>. Nothing is sent before the first call.
    /// </summary>
    /// <param name="address">The peer's address, <c>https://host:port</c>.</param>
    /// <param name="identity">Who we are; must outlive the channel.</param>
    /// <param name="expectedRole">The role the peer must have: an agent's certificate cannot act as a coordinator.</param>
    /// <param name="expectedName">
    /// The name the peer must have. With a name, the address is only a route and need not be in the certificate;
    /// without one, the address's host must be among the certificate's DNS names or IP addresses.
    /// </param>
    /// <param name="timeouts">When a peer that does not answer is given up; null for <see cref="ChannelTimeouts.Default"/>.</param>
    /// <returns>
    /// The channel. It may carry any number of calls and is safe for use by many threads. A call that finds no acceptable peer
    /// fails with UNAVAILABLE, and <see cref="RpcFailure.From"/> says why.
    /// </returns>
    /// <exception cref="ArgumentException">The address is not of the form <c>https://host:port</c>.</exception>
    public static GrpcChannel Create(Uri address, MutualTlsIdentity identity, PeerRole expectedRole, string? expectedName = null, ChannelTimeouts? timeouts = null)
        => Create([address], identity, expectedRole, expectedName, timeouts);

    /// <summary>The same for a peer that is at one of several addresses: each connection goes to the one that answered last, else to the next that answers.</summary>
    /// <param name="addresses">The addresses, each <c>https://host:port</c>, the preferred one first.</param>
    /// <param name="identity">Who we are; must outlive the channel.</param>
    /// <param name="expectedRole">The role the peer must have.</param>
    /// <param name="expectedName">The name the peer must have; null when the certificate must list the address.</param>
    /// <param name="timeouts">When a peer that does not answer is given up, for each address; null for <see cref="ChannelTimeouts.Default"/>.</param>
    /// <returns>The channel.</returns>
    /// <exception cref="ArgumentException">There is no address, or one is not of the form <c>https://host:port</c>.</exception>
    public static GrpcChannel Create(IReadOnlyList<Uri> addresses, MutualTlsIdentity identity, PeerRole expectedRole, string? expectedName = null, ChannelTimeouts? timeouts = null)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentOutOfRangeException.ThrowIfZero(addresses.Count);
        foreach (var address in addresses)
        {
            ArgumentNullException.ThrowIfNull(address, nameof(addresses));
            if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps || address.PathAndQuery != "/")
            {
                throw new ArgumentException($"peer address '{address}' is not of the form https://host:port", nameof(addresses));
            }
        }

        timeouts ??= ChannelTimeouts.Default;
        var route = new PeerRoute(addresses, new ServerCertificateGate(identity, expectedRole, expectedName), timeouts.Connect);
        var endings = new EarlyEndings();
        var sockets = new SocketsHttpHandler
        {
            // We perform the handshake too, so that each connection uses the certificate and the time of its start.
            ConnectCallback = (_, cancellationToken) => route.OpenAsync(cancellationToken),
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new FirstReadStream(context.PlaintextStream, endings)),
            EnableMultipleHttp2Connections = true,
            // Watch streams are silent for minutes. A half-open connection (peer's machine gone, cable cut) must become
            // UNAVAILABLE long before TCP gives up; hence pings, even while no call runs.
            KeepAlivePingDelay = timeouts.PingDelay,
            KeepAlivePingTimeout = timeouts.PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = timeouts.Idle,
            // New calls use a new connection from time to time, so that the server is checked again; running calls stay on the old one.
            PooledConnectionLifetime = EdgeLimits.Default.MaxConnectionAge,
            // Peers are reached directly; a proxy from the environment is not trusted.
            UseProxy = false,
        };
        return GrpcChannel.ForAddress(addresses[0], new GrpcChannelOptions
        {
            HttpHandler = new ExplainingHandler(sockets, identity, endings, route),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = EdgeLimits.MaxMessageBytes,
        });
    }
}
