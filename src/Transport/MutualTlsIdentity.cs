using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport.Internal;
using Microsoft.Extensions.Options;

namespace HostAgent.Transport;

/// <summary>A process's own certificate with its key, and the authority by which it judges every peer. Shared by all its servers and channels.</summary>
public sealed class MutualTlsIdentity : IDisposable
{
    private readonly X509Certificate2Collection _owned;

    internal MutualTlsIdentity(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authorities, PeerIdentity peer, TimeProvider time)
    {
        Certificate = certificate;
        Peer = peer;
        Authorities = [.. authorities];
        _owned = [certificate, .. intermediates, .. authorities];
        // Offline: a certificate of ours never asks the network for its missing issuers.
        CertificateContext = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
        Verifier = new PeerVerifier(authorities, time);
    }

    /// <summary>Who this process is.</summary>
    public PeerIdentity Peer { get; }

    /// <summary>This process's certificate, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The authorities that are trusted, as the file has them.</summary>
    public IReadOnlyList<X509Certificate2> Authorities { get; }

    internal SslStreamCertificateContext CertificateContext { get; }

    internal PeerVerifier Verifier { get; }

    /// <summary>Loads and checks the three files.</summary>
    /// <param name="options">The paths.</param>
    /// <param name="time">The clock by which validity periods are judged, now and for every later peer.</param>
    /// <param name="section">The configuration section that the options are bound to; it prefixes the settings named in messages.</param>
    /// <exception cref="OptionsValidationException">
    /// At least one file is missing, unreadable, does not fit the others or is out of its validity period.
    /// <see cref="OptionsValidationException.Failures"/> has one line for each mistake, naming setting and path.
    /// </exception>
    public static MutualTlsIdentity Load(MutualTlsOptions options, TimeProvider time, string section = "MutualTls")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        return new MutualTlsIdentityLoader(options, time, section).Load();
    }

    /// <summary>Releases the certificates and the key. Servers and channels that use the identity must have ended.</summary>
    public void Dispose()
    {
        foreach (var certificate in _owned)
        {
            certificate.Dispose();
        }
    }
}
