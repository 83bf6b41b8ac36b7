using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Internal;

/// <summary>Judges the certificate of a peer by our own authorities and our own clock, in one place for servers and channels.</summary>
internal sealed class PeerVerifier(X509Certificate2Collection authorities, TimeProvider time)
{
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
            if (!chain.Build(certificate))
            {
                return Explain(certificate, chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status), chain.ChainStatus, usage);
            }
        }
        catch (CryptographicException malformed)
        {
            return PeerVerdict.Refuse(ConnectionReason.CertificateInvalid, $"certificate '{certificate.Subject}' cannot be checked: {malformed.Message}");
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }

        // A certificate without the extension counts as fit for everything; here a usage must be granted by name.
        if (!certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>()).Any(oid => oid.Value == usage))
        {
            return WrongUsage(certificate, usage);
        }

        try
        {
            return PeerVerdict.Accept(PeerIdentity.FromCertificate(certificate));
        }
        catch (FormatException noIdentity)
        {
            return PeerVerdict.Refuse(ConnectionReason.NoIdentity, noIdentity.Message);
        }
    }

    /// <summary>
    /// Only our own authorities, no network. Revocation is not asked for: certificates are short-lived, the authority publishes
    /// no list, and a host cut off by the very disaster must not depend on one being reachable.
    /// </summary>
    public X509ChainPolicy CreateChainPolicy(string usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetUtcNow().UtcDateTime,
            VerificationTimeIgnored = false,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }

    private PeerVerdict Explain(X509Certificate2 certificate, X509ChainStatusFlags flags, X509ChainStatus[] statuses, string usage)
    {
        if (flags.HasFlag(X509ChainStatusFlags.UntrustedRoot) || flags.HasFlag(X509ChainStatusFlags.PartialChain) || flags.HasFlag(X509ChainStatusFlags.NotSignatureValid))
        {
            var ours = string.Join(", ", authorities.Select(authority => $"'{authority.Subject}'"));
            return PeerVerdict.Refuse(ConnectionReason.UntrustedAuthority, $"certificate '{certificate.Subject}' was issued by '{certificate.Issuer}', which is not the trusted authority {ours} or not with its key");
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
            : PeerVerdict.Refuse(ConnectionReason.CertificateInvalid, $"certificate '{certificate.Subject}' is not valid: {string.Join("; ", statuses.Select(status => status.StatusInformation.Trim()))}");
    }

    private static PeerVerdict WrongUsage(X509Certificate2 certificate, string usage) => PeerVerdict.Refuse(
        ConnectionReason.WrongUsage,
        $"certificate '{certificate.Subject}' was not issued for use by a {(usage == KeyUsage.Server ? "server" : "client")} (extended key usage {usage})");
}
