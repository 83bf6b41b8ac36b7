using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Tls;

/// <summary>What came of judging a peer's certificate: the peer, or why it is refused.</summary>
/// <param name="Proven">The peer; null when refused.</param>
/// <param name="Reason">Why refused, an UPPER_SNAKE_CASE word; empty when accepted.</param>
/// <param name="Explanation">Why refused, half a sentence for a person that names the certificate; empty when accepted.</param>
internal sealed record PeerVerdict(ProvenPeer? Proven, string Reason, string Explanation)
{
    public PeerIdentity? Peer => Proven?.Identity;

    public static PeerVerdict Accept(ProvenPeer peer) => new(peer, "", "");

    public static PeerVerdict Refuse(string reason, string explanation) => new(null, reason, explanation);
}

/// <summary>A peer whose certificate was accepted, with what a later look at its connection needs.</summary>
/// <param name="Identity">Who.</param>
/// <param name="ValidUntil">The end of its certificate or of an authority above it, whichever is first.</param>
/// <param name="PublicKeys">The fingerprints of its public key and of those of the authorities between it and ours.</param>
internal sealed record ProvenPeer(PeerIdentity Identity, DateTimeOffset ValidUntil, IReadOnlyList<string> PublicKeys)
{
    /// <summary>The SHA-256 of a SubjectPublicKeyInfo, in upper-case hexadecimal digits.</summary>
    public static string Fingerprint(PublicKey key) => Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}

/// <summary>Judges the certificate of a peer by our own authorities and our own clock, in one place for servers and channels.</summary>
internal sealed class PeerVerifier(X509Certificate2Collection authorities, TimeProvider time)
{
    // Our trust begins at an authority of ours, be it a root or one that a root has issued. What lies above it is not judged.
    private const X509ChainStatusFlags AboveTheAnchor = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <param name="certificate">What the peer presented; null when it presented nothing.</param>
    /// <param name="intermediates">What it sent along.</param>
    /// <param name="usage">The extended key usage it needs, of <see cref="KeyUsage"/>.</param>
    public PeerVerdict Verify(X509Certificate2? certificate, X509Certificate2Collection intermediates, string usage)
    {
        if (certificate is null)
        {
            return PeerVerdict.Refuse(ConnectionReason.NoCertificate, "it presented no certificate");
        }

        using var chain = new X509Chain { ChainPolicy = CreateChainPolicy(usage) };
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        try
        {
            // The return value is ignored: it is also true for incomplete chains, which JudgeChain detects.
            chain.Build(certificate);
            return JudgeChain(certificate, chain, usage);
        }
        catch (CryptographicException exception)
        {
            return PeerVerdict.Refuse(ConnectionReason.CertificateInvalid, $"certificate '{certificate.Subject}' cannot be checked: {exception.Message}");
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    /// <summary>
    /// Only our own authorities, no network. Revocation is not asked for: certificates are short-lived, the authority publishes
    /// no list, and a host cut off by the very disaster must not depend on one being reachable. A deny list takes its place.
    /// </summary>
    public X509ChainPolicy CreateChainPolicy(string usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // An authority of ours that is not a root ends the chain early. Whether the chain ends at one of ours is judged here.
            VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetUtcNow().UtcDateTime,
            VerificationTimeIgnored = false,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }

    private PeerVerdict JudgeChain(X509Certificate2 certificate, X509Chain chain, string usage)
    {
        X509ChainElement[] elements = [.. chain.ChainElements];
        var anchor = Array.FindIndex(elements, element => authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)));
        if (anchor < 0)
        {
            return Untrusted(certificate);
        }

        if (anchor == 0)
        {
            return PeerVerdict.Refuse(ConnectionReason.CertificateInvalid, $"certificate '{certificate.Subject}' is the authority's own certificate, which no peer may use");
        }

        X509ChainStatus[] statuses = [.. elements.Take(anchor).SelectMany(element => element.ChainElementStatus), .. OfAnchor(elements, anchor, chain)];
        var flags = statuses.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        // An incomplete chain does not report that its last certificate, our own authority, is outside its validity period.
        var now = time.GetUtcNow();
        if (Array.Exists(elements[..(anchor + 1)], element => now > element.Certificate.ValidUntil || now < element.Certificate.ValidFrom))
        {
            flags |= X509ChainStatusFlags.NotTimeValid;
        }

        if (flags != X509ChainStatusFlags.NoError)
        {
            return Explain(certificate, flags, statuses, usage);
        }

        if (CertificateStrength.WeaknessOf(elements.Take(anchor + 1).Select(element => element.Certificate)) is { } weakness)
        {
            return PeerVerdict.Refuse(ConnectionReason.WeakCertificate, weakness);
        }

        // A certificate without the extension counts as fit for everything; here a usage must be granted by name.
        if (!certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>()).Any(oid => oid.Value == usage))
        {
            return WrongUsage(certificate, usage);
        }

        try
        {
            return PeerVerdict.Accept(new ProvenPeer(
                PeerIdentity.FromCertificate(certificate),
                elements.Take(anchor + 1).Min(element => element.Certificate.ValidUntil),
                [.. elements.Take(anchor).Select(element => ProvenPeer.Fingerprint(element.Certificate.PublicKey))]));
        }
        catch (FormatException exception)
        {
            return PeerVerdict.Refuse(ConnectionReason.NoIdentity, exception.Message);
        }
    }

    // The anchor is trusted by its bytes, so neither its own signature nor who issued it matters; its period and constraints do.
    private static IEnumerable<X509ChainStatus> OfAnchor(X509ChainElement[] elements, int anchor, X509Chain chain)
    {
        const X509ChainStatusFlags ofNoMatter = AboveTheAnchor | X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
        IEnumerable<X509ChainStatus> statuses = elements[anchor].ChainElementStatus;
        // A status of the whole chain is about our part of it only when nothing lies above.
        return (anchor == elements.Length - 1 ? statuses.Concat(chain.ChainStatus.Where(status => status.Status != X509ChainStatusFlags.NotSignatureValid)) : statuses)
            .Where(status => (status.Status & ~ofNoMatter) != X509ChainStatusFlags.NoError);
    }

    private PeerVerdict Untrusted(X509Certificate2 certificate)
    {
        var ours = string.Join(", ", authorities.Select(authority => $"'{authority.Subject}'"));
        return PeerVerdict.Refuse(ConnectionReason.UntrustedAuthority, $"certificate '{certificate.Subject}' was issued by '{certificate.Issuer}', which is not the trusted authority {ours}, or has another key");
    }

    private PeerVerdict Explain(X509Certificate2 certificate, X509ChainStatusFlags flags, X509ChainStatus[] statuses, string usage)
    {
        if (flags.HasFlag(X509ChainStatusFlags.NotSignatureValid))
        {
            return Untrusted(certificate);
        }

        var now = time.GetUtcNow();
        if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return now > certificate.ValidUntil
                ? PeerVerdict.Refuse(ConnectionReason.CertificateExpired, string.Create(CultureInfo.InvariantCulture, $"certificate '{certificate.Subject}' expired on {certificate.ValidUntil:u}"))
                : now < certificate.ValidFrom
                    ? PeerVerdict.Refuse(ConnectionReason.CertificateNotYetValid, string.Create(CultureInfo.InvariantCulture, $"certificate '{certificate.Subject}' is not valid before {certificate.ValidFrom:u}; it is {now:u} by this machine's clock"))
                    : PeerVerdict.Refuse(ConnectionReason.CertificateExpired, $"the authority that issued certificate '{certificate.Subject}' is out of its validity period");
        }

        return flags.HasFlag(X509ChainStatusFlags.NotValidForUsage)
            ? WrongUsage(certificate, usage)
            : PeerVerdict.Refuse(ConnectionReason.CertificateInvalid, $"certificate '{certificate.Subject}' is not valid: {string.Join("; ", statuses.Select(status => status.StatusInformation.Trim()).Distinct(StringComparer.Ordinal))}");
    }

    private static PeerVerdict WrongUsage(X509Certificate2 certificate, string usage) => PeerVerdict.Refuse(
        ConnectionReason.WrongUsage,
        $"certificate '{certificate.Subject}' was not issued for use by a {(usage == KeyUsage.Server ? "server" : "client")} (extended key usage {usage})");
}
