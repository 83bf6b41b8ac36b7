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
