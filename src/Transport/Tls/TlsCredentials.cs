using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Tls;

/// <summary>What one reading of the files came to: everything that a handshake needs, immutable.</summary>
internal sealed class TlsCredentials : IDisposable
{
    private readonly X509Certificate2Collection _owned;

    public TlsCredentials(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authorities, PeerIdentity peer, TimeProvider time)
    {
        Certificate = certificate;
        Peer = peer;
        Authorities = [.. authorities];
        _owned = [certificate, .. intermediates, .. authorities];
        // Offline: a certificate of ours never asks the network for its missing issuers.
        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
        Verifier = new PeerVerifier(authorities, time);
    }

    public PeerIdentity Peer { get; }

    public X509Certificate2 Certificate { get; }

    public IReadOnlyList<X509Certificate2> Authorities { get; }

    public SslStreamCertificateContext Context { get; }

    public PeerVerifier Verifier { get; }

    /// <summary>Whether these are the same certificates; the key goes with its certificate.</summary>
    public bool IsLike(TlsCredentials other) =>
        _owned.Count == other._owned.Count && _owned.Zip(other._owned).All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span));

    public void Dispose()
    {
        foreach (var certificate in _owned)
        {
            certificate.Dispose();
        }
    }
}
