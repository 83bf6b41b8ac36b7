using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace HostAgent.Tests.Shared;

/// <summary>What becomes of the next COMMIT that passes a <see cref="PostgreSqlProxy"/>.</summary>
internal enum CommitFault
{
    /// <summary>It passes.</summary>
    None,

    /// <summary>It never reaches the server; the connection breaks.</summary>
    LostRequest,

    /// <summary>The server commits; its answer never arrives, and the connection breaks.</summary>
    LostAnswer,

    /// <summary>It is kept back, with the connection open, until <see cref="PostgreSqlProxy.Release"/>.</summary>
    Held,
}

/// <summary>A way to a PostgreSQL server that breaks at a commit.</summary>
internal sealed class PostgreSqlProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly ConcurrentDictionary<CancellationTokenSource, byte> _open = new();
    private readonly TaskCompletionSource _isHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _server;
    private readonly Task _loop;
    private int _next;
    private int _broken;
    private int _breakEvery;
    private int _commits;
    private volatile bool _isCut;

    /// <summary>Opens a way.</summary>
    /// <param name="server">The server's port.</param>
    public PostgreSqlProxy(int server)
    {
        _server = server;
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What becomes of the next commit.</summary>
    public CommitFault Next
    {
        set => Volatile.Write(ref _next, (int)value);
    }

    /// <summary>Every so many commits one meets a fault, by turns a lost answer and a lost request; 0 for none. Takes effect at once.</summary>
    public int BreakEvery
    {
        set => Volatile.Write(ref _breakEvery, value);
    }

    /// <summary>Whether the way is cut by the fault: every other connection ends too, and every new one at once.</summary>
    public bool StaysCut { get; init; }

    /// <summary>How many commits have met a fault.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Completes when a commit is kept back.</summary>
    public Task IsHeld => _isHeld.Task;

    /// <summary>Lets connections through again.</summary>
    public void Mend() => _isCut = false;

    /// <summary>Sends the commit that is kept back on its way.</summary>
    public void Release() => _release.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        _release.TrySetResult();
        await _loop;
        await Task.WhenAll(_connections.Keys);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = Task.Run(() => PassAsync(client));
            _connections.TryAdd(connection, 0);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            if (_isCut)
            {
                return;
            }

            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _stopping.Token);
                using var end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                _open.TryAdd(end, 0);
                var fault = new StrongBox();
                var up = UpAsync(client.GetStream(), server.GetStream(), fault, end);
                var down = DownAsync(server.GetStream(), client.GetStream(), fault, end);
                await Task.WhenAny(up, down);
                _open.TryRemove(end, out _);
                await end.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (SocketException)
            {
                // The server is not there: neither is its client's connection.
            }
        }
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to, StrongBox fault, CancellationTokenSource end)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReadAsync(buffer, end.Token) is > 0 and var count)
            {
                if (buffer.AsSpan(0, count).IndexOf("COMMIT\0"u8) >= 0)
                {
                    fault.Value = TakeFault();
                    if (fault.Value != CommitFault.None)
                    {
                        Interlocked.Increment(ref _broken);
                        await CutAsync(end);
                    }

                    if (fault.Value == CommitFault.LostRequest)
                    {
                        return;
                    }

                    if (fault.Value == CommitFault.Held)
                    {
                        _isHeld.TrySetResult();
                        await _release.Task.WaitAsync(end.Token);
                    }
                }

                await to.WriteAsync(buffer.AsMemory(0, count), end.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; the other goes with it.
        }
    }

    private async Task CutAsync(CancellationTokenSource own)
    {
        if (!StaysCut)
        {
            return;
        }

        _isCut = true;
        foreach (var other in _open.Keys.Where(other => other != own))
        {
            try
            {
                await other.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }
    }

    private CommitFault TakeFault()
    {
        var commits = Interlocked.Increment(ref _commits);
        return Volatile.Read(ref _breakEvery) is > 0 and var every && commits % every == 0
            ? commits / every % 2 == 0 ? CommitFault.LostRequest : CommitFault.LostAnswer
            : (CommitFault)Interlocked.Exchange(ref _next, (int)CommitFault.None);
    }

    private static async Task DownAsync(NetworkStream from, NetworkStream to, StrongBox fault, CancellationTokenSource end)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReadAsync(buffer, end.Token) is > 0 and var count)
            {
                if (fault.Value == CommitFault.LostAnswer)
                {
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, count), end.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; the other goes with it.
        }
    }

    private sealed class StrongBox
    {
        public volatile CommitFault Value;
    }
}
