using System.IO.Pipelines;
using System.Net.Security;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Relay;

/// <summary>
/// Relays the connections of peers, as they are, to the server of our own name that is at work elsewhere. A peer proves itself here; the other server is told by which certificate, judges that
/// itself (<see cref="RelayedConnections"/>), and all that the peer says and hears is between the two of them.
/// </summary>
public sealed partial class ConnectionRelay : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly MutualTlsIdentity _identity;
    private readonly TimeSpan _patience;
    private readonly SampledLog _sampled;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private Destination _destination = new(null);
    private int _isClosed;
    private int _waiting;

    /// <summary>Creates a relay that knows no server at work yet.</summary>
    /// <param name="identity">Who this server is, and the other one.</param>
    /// <param name="patience">How long a connection waits for a server that is at work.</param>
    /// <param name="sampled">Where lines go that come with each connection.</param>
    /// <param name="log">Receives them.</param>
    public ConnectionRelay(MutualTlsIdentity identity, TimeSpan patience, SampledLog sampled, ILogger<ConnectionRelay> log)
        => (_identity, _patience, _sampled, _log, _closed) = (identity, patience, sampled, log, _closing.Token);

    /// <summary>How many connections wait for a server that is at work.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Sets where the server at work is. Connections that are relayed to another address end, so that their peers reconnect.</summary>
    /// <param name="address">Its address, <c>https://host:port</c>; null while there is none.</param>
    public void Point(Uri? address)
    {
        if (Volatile.Read(ref _destination).Address != address)
        {
            Interlocked.Exchange(ref _destination, new Destination(address)).Dispose();
        }
    }

    /// <summary>Ends what is relayed. Connections that wait are answered by this server.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Point(null);
            _closing.Cancel();
            _closing.Dispose();
            Volatile.Read(ref _destination).Dispose();
        }
    }

    /// <summary>Relays a connection whose peer has proved itself until one side ends it.</summary>
    /// <returns>False when no server at work was found in time, or the peer has too many connections: nothing of the connection was read then.</returns>
    internal async Task<bool> TryRunAsync(ConnectionContext connection)
    {
        if (connection.Features.Get<ProvenPeer>()!.Identity.Role == PeerRole.Coordinator)
        {
            // It takes this server for the one at work. Two that each take the other for it would hand a connection to and fro.
            connection.Abort(new ConnectionAbortedException("this server is not at work"));
            return true;
        }

        if (connection.Features.Get<LiveConnection>()?.TooMany is not null || connection.Features.Get<PresentedCertificates>() is not { } presented)
        {
            return false;
        }

        // Some clients of HTTP/1.1 name none.
        var spoken = connection.Features.Get<ITlsApplicationProtocolFeature>()!.ApplicationProtocol;
        if (await ConnectAsync(spoken.IsEmpty ? [] : [new SslApplicationProtocol(spoken.ToArray())], connection.ConnectionClosed).ConfigureAwait(false) is not var (server, destination))
        {
            return false;
        }

        await using (server.ConfigureAwait(false))
        {
            await PumpAsync(connection, new RelayHeader(connection.RemoteEndPoint as System.Net.IPEndPoint, presented.Certificates).ToBytes(), server, destination.Ended).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<(Stream Server, Destination Destination)?> ConnectAsync(List<SslApplicationProtocol> protocols, CancellationToken closed)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await TryConnectAsync(protocols, closed).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<(Stream Server, Destination Destination)?> TryConnectAsync(List<SslApplicationProtocol> protocols, CancellationToken closed)
    {
        using var limit = new CancellationTokenSource(_patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, closed, _closed);
        var gate = new ServerCertificateGate(_identity, PeerRole.Coordinator, _identity.Peer.Name, protocols);
        while (!either.IsCancellationRequested)
        {
            var destination = Volatile.Read(ref _destination);
            try
            {
                if (destination.Address is { } address)
                {
                    return (await new PeerRoute([address], gate, ConnectPatience).OpenAsync(either.Token).ConfigureAwait(false), destination);
                }
            }
            catch (PeerConnectionException exception)
            {
                _sampled.Write($"relay|{destination.Address}|{exception.Reason}", $"The coordinator at work cannot be reached ({exception.Reason}): {exception.Message}", text => LogUnreached(_log, text));
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                break;
            }

            // The place is learned within a second of its beginning; a peer that waits for it asks often.
            await Task.Delay(Pause, TimeProvider.System, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private static async Task PumpAsync(ConnectionContext connection, byte[] header, Stream server, CancellationToken ended)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ended, connection.ConnectionClosed);
        try
        {
            await server.WriteAsync(header, over.Token).ConfigureAwait(false);
            var up = connection.Transport.Input.CopyToAsync(server, over.Token);
            var down = server.CopyToAsync(connection.Transport.Output, over.Token);
            var first = await Task.WhenAny(up, down).ConfigureAwait(false);
            if (first == down)
            {
                // What the server said last is on its way to the peer.
                await connection.Transport.Output.CompleteAsync().ConfigureAwait(false);
            }

            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(up, down).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One side has gone, or the server at work is another one now: both sides learn of it by the end of their connections.
        }
    }

    [LoggerMessage(4023, LogLevel.Warning, "{Text}")]
    private static partial void LogUnreached(ILogger logger, string text);

    private sealed class Destination : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();

        public Destination(Uri? address) => (Address, Ended) = (address, _ended.Token);

        public Uri? Address { get; }

        /// <summary>May be asked for ever: connections are opened to it while it ends.</summary>
        public CancellationToken Ended { get; }

        public void Dispose()
        {
            _ended.Cancel();
            _ended.Dispose();
        }
    }
}
