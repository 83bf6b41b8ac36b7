using System.Net;
using System.Net.Sockets;

namespace HostAgent.Tests.Shared.Processes;

/// <summary>What happens to the bytes on their way.</summary>
internal enum WireFault
{
    /// <summary>They arrive.</summary>
    None,

    /// <summary>What the server says is thrown away: requests arrive, answers do not.</summary>
    LosesAnswers,

    /// <summary>What the client says is thrown away.</summary>
    LosesRequests,

    /// <summary>Nothing arrives in either direction, and nobody is told.</summary>
    LosesBoth,

    /// <summary>Everything is kept back, and arrives when the fault ends.</summary>
    Holds,

    /// <summary>Everything arrives half a second late.</summary>
    Delays,

    /// <summary>Three pieces of ten are lost and sent again after 200 ms, 400 ms and so on, as TCP does.</summary>
    IsLossy,

    /// <summary>Half of the next answer arrives; then the connection is reset.</summary>
    Truncates,
}

/// <summary>
/// The way of TCP connections between two processes, with faults on request. A connection that has lost bytes is reset when the fault ends: nothing that
/// arrives later could be understood.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const double Loss = 0.3;
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstResend = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<TcpClient> _open = [];
    private readonly List<Task> _tasks = [];
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WireFault _fault;

    private FaultProxy(Uri target, int seed)
    {
        _target = new IPEndPoint(IPAddress.Parse(target.Host), target.Port);
        _random = new Random(seed);
    }

    /// <summary>Where to connect instead of the target.</summary>
    public Uri Address => new($"https://{_listener.LocalEndpoint}");

    /// <summary>What happens to everything that passes from now on.</summary>
    public WireFault Fault
    {
        get
        {
            lock (_lock)
            {
                return _fault;
            }
        }

        set
        {
            TaskCompletionSource changed;
            lock (_lock)
            {
                _fault = value;
                (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            changed.TrySetResult();
        }
    }

    /// <summary>Opens a way.</summary>
    /// <param name="target">Where it leads.</param>
    /// <param name="seed">Decides which pieces are lost.</param>
    public static FaultProxy To(Uri target, int seed = 0)
    {
        var proxy = new FaultProxy(target, seed);
        proxy._listener.Start();
        proxy._tasks.Add(proxy.AcceptAsync());
        return proxy;
    }

    /// <summary>Resets every connection.</summary>
    public void Reset()
    {
        List<TcpClient> open;
        lock (_lock)
        {
            open = [.. _open];
        }

        open.ForEach(Reset);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        List<Task> tasks;
        lock (_lock)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks);
        _stop.Dispose();
    }

    // Closed with a zero linger time, a connection ends with RST.
    private static void Reset(TcpClient connection)
    {
        try
        {
            // Null once the client is closed.
            if (connection.Client is { } socket)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                lock (_lock)
                {
                    _tasks.Add(ForwardAsync(client));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is closed.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var target = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            Note(client, target);
            try
            {
                await target.ConnectAsync(_target, _stop.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var ways = new[] { CopyAsync(client, target, isAnswer: false, ended.Token), CopyAsync(target, client, isAnswer: true, ended.Token) };
                await Task.WhenAny(ways);
                await ended.CancelAsync();
                await Task.WhenAll(ways);
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the two is gone: so is the connection. InvalidOperationException: it was reset before its stream was asked for.
            }
            finally
            {
                lock (_lock)
                {
                    _open.Remove(client);
                    _open.Remove(target);
                }
            }
        }
    }

    private void Note(params IEnumerable<TcpClient> connections)
    {
        lock (_lock)
        {
            _open.UnionWith(connections);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isAnswer, CancellationToken stop)
    {
        var (source, sink) = (from.GetStream(), to.GetStream());
        var buffer = new byte[16 * 1024];
        var hasLost = false;
        while (await source.ReadAsync(buffer, stop) is > 0 and var read)
        {
            var (fault, changed) = Now();
            while (fault == WireFault.Holds)
            {
                await changed.WaitAsync(stop);
                (fault, changed) = Now();
            }

            if (fault == WireFault.LosesBoth || fault == (isAnswer ? WireFault.LosesAnswers : WireFault.LosesRequests))
            {
                hasLost = true;
                continue;
            }

            if (hasLost || (fault == WireFault.Truncates && isAnswer))
            {
                if (!hasLost)
                {
                    await sink.WriteAsync(buffer.AsMemory(0, read / 2), stop);
                }

                Reset(from);
                Reset(to);
                return;
            }

            if (LatenessOf(fault) is { Ticks: > 0 } late)
            {
                await Task.Delay(late, stop);
            }

            await sink.WriteAsync(buffer.AsMemory(0, read), stop);
        }
    }

    private (WireFault Fault, Task Changed) Now()
    {
        lock (_lock)
        {
            return (_fault, _changed.Task);
        }
    }

    private TimeSpan LatenessOf(WireFault fault)
    {
        if (fault == WireFault.Delays)
        {
            return Lateness;
        }

        var late = TimeSpan.Zero;
        if (fault == WireFault.IsLossy)
        {
            lock (_lock)
            {
                for (var again = FirstResend; again < FirstResend * 16 && _random.NextDouble() < Loss; again *= 2)
                {
                    late += again;
                }
            }
        }

        return late;
    }
}
