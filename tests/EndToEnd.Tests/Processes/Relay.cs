using System.Net;
using System.Net.Sockets;

namespace HostAgent.EndToEnd.Tests.Processes;

/// <summary>A TCP connection's way between two processes, on which the answers can be lost while the requests arrive.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private readonly IPEndPoint _target;

    private Relay(Uri target) => _target = new IPEndPoint(IPAddress.Parse(target.Host), target.Port);

    /// <summary>Where to connect instead of the target.</summary>
    public Uri Address => new($"https://{_listener.LocalEndpoint}");

    /// <summary>Whether what the target answers is thrown away.</summary>
    public bool LosesAnswers { get; set; }

    public static Relay To(Uri target)
    {
        var relay = new Relay(target);
        relay._listener.Start();
        relay._tasks.Add(relay.AcceptAsync());
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_tasks.ToList());
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                lock (_tasks)
                {
                    _tasks.Add(ForwardAsync(client));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var target = new TcpClient();
        using (client)
        {
            try
            {
                await target.ConnectAsync(_target, _stop.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var ways = new[] { CopyAsync(client, target, _ => true, ended.Token), CopyAsync(target, client, _ => !LosesAnswers, ended.Token) };
                await Task.WhenAny(ways);
                await ended.CancelAsync();
                await Task.WhenAll(ways);
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
            {
                // One of the two is gone: so is the connection.
            }
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, Predicate<int> passes, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        while (await from.GetStream().ReadAsync(buffer, stop) is > 0 and var read)
        {
            if (passes(read))
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stop);
            }
        }
    }
}
