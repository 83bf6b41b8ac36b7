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
    public bool IsLike(TlsCredentials other)
        => _owned.Count == other._owned.Count && _owned.Zip(other._owned).All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span));

    public void Dispose()
    {
        foreach (var certificate in _owned)
        {
            certificate.Dispose();
        }
    }
}

/// <summary>When some files were last written and how long they are, a cheap check whether to read them again.</summary>
internal sealed record FileStamps(string Text)
{
    /// <summary>Looks at the files. A missing or unreadable file has a stamp too.</summary>
    public static FileStamps Of(params IEnumerable<string?> paths) => new(string.Join('|', paths.Select(Stamp)));

    private static string Stamp(string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return "";
        }

        try
        {
            // Renewal by exchanging a link changes nothing at the link itself, so the file behind it counts.
            var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
            return file.Exists ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.FullName}:{file.LastWriteTimeUtc.Ticks}:{file.Length}") : "missing";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
