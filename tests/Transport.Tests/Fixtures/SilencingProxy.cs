using System.Net;
using System.Net.Sockets;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>Forwards one connection until it is told to fall silent: then it swallows everything and closes nothing, as a cut cable does.</summary>
internal sealed class SilencingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _forwarding;
    private volatile bool _silent;

    public SilencingProxy(Uri target)
    {
        _listener.Start();
        Address = new Uri($"https://{_listener.LocalEndpoint}");
        _forwarding = ForwardAsync(target);
    }

    public Uri Address { get; }

    public void FallSilent() => _silent = true;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _forwarding;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ForwardAsync(Uri target)
    {
        try
        {
            using var near = await _listener.AcceptSocketAsync(_end.Token);
            using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await far.ConnectAsync(target.Host, target.Port, _end.Token);
            await Task.WhenAll(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        int count;
        try
        {
            while ((count = await from.ReceiveAsync(buffer, _end.Token)) > 0)
            {
                if (!_silent)
                {
                    await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
                }
            }
        }
        catch (SocketException)
        {
            // One side has given up; the other is to notice by itself.
        }
    }
}
