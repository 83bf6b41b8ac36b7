using System.Net.Sockets;

namespace HostAgent.Transport.Channels;

/// <summary>
/// Opens the TCP connection beneath TLS. With a connect callback of our own the gRPC client connects when a call is made and at
/// no other time: no call waits out a back-off that the channel chose, because retrying is the caller's decision.
/// </summary>
internal static class PlainConnection
{
    public static async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The timeouts of a channel. The HTTP client measures them by the machine's clock.</summary>
/// <param name="Connect">For TCP and TLS together.</param>
/// <param name="PingDelay">Of silence on a connection until it is pinged, at least a second.</param>
/// <param name="PingTimeout">For the answer to a ping, at least a second, until the connection counts as lost.</param>
/// <param name="Idle">Without any call until a connection is closed.</param>
internal sealed record ChannelTimeouts(TimeSpan Connect, TimeSpan PingDelay, TimeSpan PingTimeout, TimeSpan Idle)
{
    /// <summary>A dead host is noticed within half a minute, during calls and streams.</summary>
    public static ChannelTimeouts Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
}
