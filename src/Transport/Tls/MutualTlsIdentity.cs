using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace HostAgent.Transport.Tls;

/// <summary>
/// A process's own certificate with its key, and the authority by which it judges every peer. Shared by all its servers and
/// channels. When the files change, new connections use the new ones; existing connections continue.
/// </summary>
public sealed class MutualTlsIdentity : IDisposable
{
    private volatile TlsCredentials _current;
    private volatile DenyList _denied = DenyList.Empty;

    internal MutualTlsIdentity(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authorities, PeerIdentity peer, TimeProvider time)
        : this(new TlsCredentials(certificate, intermediates, authorities, peer, time), time, loader: null)
    {
    }

    private MutualTlsIdentity(TlsCredentials credentials, TimeProvider time, MutualTlsIdentityLoader? loader)
    {
        _current = credentials;
        Time = time;
        Loader = loader;
    }

    /// <summary>Who this process is.</summary>
    public PeerIdentity Peer => _current.Peer;

    /// <summary>This process's certificate, with its private key.</summary>
    public X509Certificate2 Certificate => _current.Certificate;

    /// <summary>From when its certificate is valid.</summary>
    public DateTimeOffset ValidFrom => Certificate.ValidFrom;

    /// <summary>Until when its certificate is valid.</summary>
    public DateTimeOffset ValidUntil => Certificate.ValidUntil;

    /// <summary>The trusted authorities, as in the file.</summary>
    public IReadOnlyList<X509Certificate2> Authorities => _current.Authorities;

    /// <summary>What the next handshake uses.</summary>
    internal TlsCredentials Current => _current;

    /// <summary>Reads the files again; null for an identity that was not loaded from files.</summary>
    internal MutualTlsIdentityLoader? Loader { get; }

    /// <summary>Peers that are refused although their certificates are valid.</summary>
    internal DenyList Denied
    {
        get => _denied;
        set => _denied = value;
    }

    /// <summary>Whether TLS 1.2 is allowed as well.</summary>
    internal bool AllowsTls12 => Loader?.Options.AllowTls12 ?? false;

    /// <summary>The connections of the servers and channels that use this identity.</summary>
    internal LiveConnections Connections { get; } = new();

    /// <summary>The clock by which certificates are judged.</summary>
    internal TimeProvider Time { get; }

    /// <summary>Loads and checks the three files.</summary>
    /// <param name="options">The paths.</param>
    /// <param name="time">The clock by which validity periods are judged, now and for every later peer.</param>
    /// <param name="section">The configuration section that the options are bound to; it prefixes the settings named in messages.</param>
    /// <exception cref="OptionsValidationException">
    /// At least one file is missing, unreadable, does not match the others or is outside its validity period.
    /// <see cref="OptionsValidationException.Failures"/> has one line for each error, naming setting and path.
    /// </exception>
    public static MutualTlsIdentity Load(MutualTlsOptions options, TimeProvider time, string section = "MutualTls")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var loader = new MutualTlsIdentityLoader(options, time, section);
        var (credentials, denied) = loader.LoadAll();
        return new MutualTlsIdentity(credentials, time, loader) { Denied = denied };
    }

    /// <summary>Judges a peer by these credentials and by the deny list.</summary>
    internal PeerVerdict Judge(TlsCredentials credentials, X509Certificate2? certificate, X509Certificate2Collection intermediates, string usage)
    {
        var verdict = credentials.Verifier.Verify(certificate, intermediates, usage);
        return verdict.Proven is { } proven && Denied.EntryAgainst(proven) is { } entry
            ? PeerVerdict.Refuse(ConnectionReason.CertificateDenied, $"certificate of {proven.Identity.Actor} is denied by '{entry}'")
            : verdict;
    }

    /// <summary>
    /// Uses other credentials from now on. The previous ones are not disposed: a handshake may be using them, and they are
    /// released with the last one that does.
    /// </summary>
    internal void Use(TlsCredentials credentials) => _current = credentials;

    /// <summary>Releases the certificates and the key. Servers and channels that use the identity must have ended.</summary>
    public void Dispose() => _current.Dispose();
}
