using System.Net;
using System.Net.Sockets;

namespace HostAgent.Conformance.Network;

/// <summary>
/// Stands between a client and a server on this machine, forwards bytes, counts them and can fall silent the way a cut cable
/// does: connections stay open and nothing arrives any more.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _pumps = [];
    private readonly Task _accepting;
    private readonly int _serverPort;
    private int _connections;
    private long _bytesToServer;
    private long _bytesToClient;
    private volatile bool _silent;

    public TcpRelay(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections clients have opened so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes taken from clients so far. A byte is counted before it is forwarded.</summary>
    public long BytesToServer => Interlocked.Read(ref _bytesToServer);

    /// <summary>Bytes taken from the server so far. A byte is counted before it is forwarded.</summary>
    public long BytesToClient => Interlocked.Read(ref _bytesToClient);

    /// <summary>From now on everything that either side sends is swallowed; no connection is closed.</summary>
    public void FallSilent() => _silent = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_pumps);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _pumps.Add(RelayAsync(client));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException && _stop.IsCancellationRequested)
        {
            // The relay is being disposed.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var up = PumpAsync(client.GetStream(), server.GetStream(), count => Interlocked.Add(ref _bytesToServer, count), ended.Token);
                var down = PumpAsync(server.GetStream(), client.GetStream(), count => Interlocked.Add(ref _bytesToClient, count), ended.Token);
                await Task.WhenAny(up, down);
                if (_silent)
                {
                    // Not even an end passes a cut cable.
                    await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
                }

                await ended.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
            {
                // One side has closed its connection: disposing both tells the other.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Action<int> count, CancellationToken ended)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, ended) is > 0 and var read)
        {
            count(read);
            if (!_silent)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), ended);
            }
        }
    }
}
