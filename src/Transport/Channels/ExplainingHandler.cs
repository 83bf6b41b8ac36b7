using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Channels;

/// <summary>Explains why a request got no answer, while the address is still known.</summary>
internal sealed class ExplainingHandler(HttpMessageHandler inner, MutualTlsIdentity own, EarlyEndings endings, PeerRoute route) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var endingsBefore = endings.Count;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw endings.Count > endingsBefore
                ? ConnectionFailure.OwnCertificateRefused(route.Address, own.Certificate, endings.LatestCause ?? exception)
                : ConnectionFailure.Explain(route.Address, exception);
        }
    }
}

/// <summary>
/// The connections of one channel that the peer ended after the TLS handshake and before its first byte. Kept beside the
/// exceptions because the HTTP/2 client, depending on which of its loops notices first, drops the cause on the way up.
/// </summary>
internal sealed class EarlyEndings
{
    private int _count;
    private volatile Exception? _latestCause;

    /// <summary>How many there have been.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What ended the latest one, if anything but the end of the stream did.</summary>
    public Exception? LatestCause => _latestCause;

    public void Add(Exception? cause)
    {
        _latestCause = cause;
        Interlocked.Increment(ref _count);
    }
}
