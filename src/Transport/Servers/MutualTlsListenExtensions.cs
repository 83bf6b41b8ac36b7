using System.Net;
using HostAgent.Transport.Edge;
using HostAgent.Transport.InProcess;
using HostAgent.Transport.Relay;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Servers;

/// <summary>Opens an address that only peers with a certificate of our authority can talk to.</summary>
public static class MutualTlsListenExtensions
{
    // Watch streams live for hours and are silent most of the time. A peer that vanished silently is noticed after both; until then an agent
    // lets no other process of a coordinator act for the same campaigns.
    private static readonly TimeSpan KeepAlivePingDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepAlivePingTimeout = TimeSpan.FromSeconds(10);

    // A control plane in another language keeps one connection for each server and a stream for each failback. The 101st would wait
    // silently in its client, under Kestrel's own limit, and so would the call that cancels one of the hundred.
    private const int MaxStreamsPerConnection = 1000;

    /// <summary>
    /// Listens with HTTP/2 over TLS 1.2 or 1.3 and requires a client certificate that our own authority issued for clients,
    /// that is within its validity period and that carries an identity. Any other peer fails the handshake.
    /// </summary>
    /// <param name="kestrel">The server. Its HTTP/2 keep-alive pings are switched on as well, and a connection may carry 1,000 calls at once.</param>
    /// <param name="endpoint">Where to listen; port 0 picks a free one.</param>
    /// <param name="identity">Who the server is; its certificate must have been issued for servers (roles agent and coordinator).</param>
    /// <param name="acceptsRelayed">Whether coordinators of the server's own name may relay the connections of their peers (<see cref="ListenRelaying"/>).</param>
    /// <exception cref="ArgumentException">The identity's certificate was not issued for servers.</exception>
    public static void ListenMutualTls(this KestrelServerOptions kestrel, IPEndPoint endpoint, MutualTlsIdentity identity, bool acceptsRelayed = false)
    {
        Configure(kestrel, identity);
        kestrel.ApplicationServices.GetService<EdgeUpkeep>()?.LookAfter(identity);
        Listen(kestrel, endpoint, identity, HttpProtocols.Http2, acceptsRelayed);
    }

    /// <summary>
    /// Listens for browsers: as <see cref="ListenMutualTls"/>, with HTTP/1.1 beside HTTP/2. The server whose limits it shares looks after the identity.
    /// </summary>
    /// <inheritdoc cref="ListenMutualTls"/>
    public static void ListenBrowsers(this KestrelServerOptions kestrel, IPEndPoint endpoint, MutualTlsIdentity identity, bool acceptsRelayed = false)
    {
        Configure(kestrel, identity);
        Listen(kestrel, endpoint, identity, HttpProtocols.Http1AndHttp2, acceptsRelayed);
    }

    /// <summary>
    /// Listens as the server of our own name would that is at work elsewhere, and relays every connection to it once its peer has proved itself. The server's own answers are for connections for which
    /// none at work was found in time.
    /// </summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="endpoint">Where to listen; port 0 picks a free one.</param>
    /// <param name="identity">Who the server is.</param>
    /// <param name="relay">Where the connections go.</param>
    /// <param name="browsers">Whether the other server listens there for browsers.</param>
    public static void ListenRelaying(this KestrelServerOptions kestrel, IPEndPoint endpoint, MutualTlsIdentity identity, ConnectionRelay relay, bool browsers = false)
    {
        ArgumentNullException.ThrowIfNull(relay);
        Configure(kestrel, identity);
        kestrel.ApplicationServices.GetService<EdgeUpkeep>()?.LookAfter(identity);
        Listen(kestrel, endpoint, identity, browsers ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2, acceptsRelayed: false, relay);
    }

    /// <summary>Serves the connections that <see cref="InProcessServer"/> opens, HTTP/2 without TLS: each carries the identity that the peer's own connection has proved.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="server">Its door within the process; also registered with <see cref="SecuredGrpcExtensions.AddInProcess"/>.</param>
    public static void ListenInProcess(this KestrelServerOptions kestrel, InProcessServer server)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(server);
        var quotas = kestrel.ApplicationServices.GetService<PeerQuotas>();
        kestrel.Listen(server.EndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => TrackAsync(connection, next, server.Identity, admission: null, quotas, ages: true));
        });
    }

    private static void Configure(KestrelServerOptions kestrel, MutualTlsIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(identity);
        var own = identity.Current.Verifier.Verify(identity.Certificate, [], KeyUsage.Server);
        if (own.Reason == ConnectionReason.WrongUsage)
        {
            throw new ArgumentException($"{identity.Peer.Uri} cannot listen: {own.Explanation}", nameof(identity));
        }

        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.KeepAlivePingDelay = KeepAlivePingDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = KeepAlivePingTimeout;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
    }

    private static void Listen(KestrelServerOptions kestrel, IPEndPoint endpoint, MutualTlsIdentity identity, HttpProtocols protocols, bool acceptsRelayed, ConnectionRelay? relay = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var services = kestrel.ApplicationServices;
        var (admission, quotas) = (services.GetService<Admission>(), services.GetService<PeerQuotas>());
        var sampled = services.GetService<SampledLog>() ?? new SampledLog(TimeProvider.System);
        var gate = new ClientCertificateGate(identity, keepsCertificates: relay is not null, sampled, services.GetRequiredService<ILogger<ClientCertificateGate>>());
        var relayed = acceptsRelayed ? new RelayedConnections(identity, sampled, services.GetRequiredService<ILogger<RelayedConnections>>()) : null;
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = protocols;
            if (admission is not null)
            {
                listen.Use(next => connection => admission.RunAsync(connection, next));
            }

            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake => ValueTask.FromResult(gate.Guard(handshake.Connection)) });
            if (relayed is not null)
            {
                listen.Use(next => connection => relayed.RunAsync(connection, next));
            }

            // A connection that is relayed ages where it ends.
            listen.Use(next => connection => TrackAsync(connection, next, identity, admission, quotas, ages: relay is null));
            if (relay is not null)
            {
                listen.Use(next => async connection =>
                {
                    if (!await relay.TryRunAsync(connection).ConfigureAwait(false))
                    {
                        await next(connection).ConfigureAwait(false);
                    }
                });
            }
        });
    }

    // After the handshake, the connection carries the peer's identity.
    private static async Task TrackAsync(ConnectionContext connection, ConnectionDelegate next, MutualTlsIdentity identity, Admission? admission, PeerQuotas? quotas, bool ages)
    {
        admission?.HandshakeDone(connection);
        var peer = connection.Features.GetRequiredFeature<ProvenPeer>();
        var live = new LiveConnection(
            peer,
            connection.RemoteEndPoint?.ToString() ?? "an unknown address",
            identity.Time.GetUtcNow(),
            ages ? connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().RequestClose : null,
            connection.Abort)
        {
            TooMany = quotas?.EnterConnection(peer.Identity),
        };
        connection.Features.Set(live);
        identity.Connections.Add(live);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            identity.Connections.Remove(live);
            quotas?.LeaveConnection(peer.Identity);
        }
    }
}
