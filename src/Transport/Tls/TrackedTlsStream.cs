using System.Net.Security;

namespace HostAgent.Transport.Tls;

/// <summary>The TLS stream of a channel's connection. It reports when the connection ends, which the HTTP client does not.</summary>
internal sealed class TrackedTlsStream(Stream inner) : SslStream(inner, leaveInnerStreamOpen: false)
{
    private Action? _closed;

    /// <summary>Counts the connection among the live ones until it is over.</summary>
    public void Track(LiveConnections connections, ProvenPeer peer, string remote, DateTimeOffset opened)
    {
        var live = new LiveConnection(peer, remote, opened, takeNoMoreCalls: null, InnerStream.Dispose);
        _closed = () => connections.Remove(live);
        connections.Add(live);
    }

    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _closed, null)?.Invoke();
        base.Dispose(disposing);
    }

    public override ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _closed, null)?.Invoke();
        return base.DisposeAsync();
    }
}
