using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Certificates;

/// <summary>What a peer's certificate says besides its key: what the peer is, where it is reached and what it may do.</summary>
internal static class LeafExtensions
{
    public static IEnumerable<X509Extension> Create(PeerRole role, string uri, PublicKey publicKey, X509Certificate2 authority, IEnumerable<string> dnsNames, IEnumerable<IPAddress> ipAddresses)
    {
        yield return new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true);
        yield return new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true);
        yield return new X509EnhancedKeyUsageExtension(Usages(role), critical: false);
        yield return new X509SubjectKeyIdentifierExtension(publicKey, critical: false);
        yield return X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false);

        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri));
        foreach (var dnsName in dnsNames)
        {
            names.AddDnsName(dnsName);
        }

        foreach (var address in ipAddresses)
        {
            names.AddIpAddress(address);
        }

        yield return names.Build();
    }

    private static OidCollection Usages(PeerRole role) => role is PeerRole.Agent or PeerRole.Coordinator
        ? [new Oid(KeyUsage.Server), new Oid(KeyUsage.Client)]
        : [new Oid(KeyUsage.Client)];
}

/// <summary>The subject of a certificate: for people to read; nothing is decided by it.</summary>
internal static class DistinguishedName
{
    private const int LongestCommonName = 64;

    public static X500DistinguishedName Create(string name, string? organizationalUnit = null)
    {
        var builder = new X500DistinguishedNameBuilder();
        // RFC 5280 allows no longer common name; the identity URI has the whole name.
        builder.AddCommonName(name.Length <= LongestCommonName ? name : name[..LongestCommonName]);
        if (organizationalUnit is not null)
        {
            builder.AddOrganizationalUnitName(organizationalUnit);
        }

        return builder.Build();
    }
}

/// <summary>Signs with whichever kind of key the authority has: an existing one may be RSA.</summary>
internal static class IssuerSignature
{
    /// <summary>Null when the authority has no private key of a kind that can sign.</summary>
    public static X509SignatureGenerator? Create(X509Certificate2 authority)
    {
        if (authority.GetECDsaPrivateKey() is { } elliptic)
        {
            return X509SignatureGenerator.CreateForECDsa(elliptic);
        }

        return authority.GetRSAPrivateKey() is { } rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1) : null;
    }
}
