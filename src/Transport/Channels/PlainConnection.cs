using System.Net;
using System.Net.Sockets;

namespace HostAgent.Transport.Channels;

/// <summary>Opens the TCP connection beneath TLS.</summary>
internal static class PlainConnection
{
    public static async ValueTask<Stream> OpenAsync(DnsEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
