using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The certificates in a host's computer store, derived from its description, seed and start time.</summary>
internal sealed class CertificateStore
{
    // Certificates valid at the start were issued this long before it.
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    private readonly int _seed;
    private readonly List<(string Name, string Thumbprint, string Encoded)> _certificates = [];

    public CertificateStore(SimulatedHostDescription host, int seed, DateTimeOffset began)
    {
        _seed = seed;
        foreach (var description in host.Certificates)
        {
            using var certificate = Make(description, host, SeededGuid.Create(seed, "certificate", host.Name, description.Name), began);
            _certificates.Add((description.Name, certificate.Thumbprint, Convert.ToBase64String(certificate.RawData)));
        }
    }

    /// <summary>Every certificate in GetSystemCertificates format.</summary>
    public string[] Encoded => [.. _certificates.Select(certificate => certificate.Encoded)];

    /// <summary>The thumbprint of the certificate with that name, or of the first if the name is null; a thumbprint of no certificate here if there is none.</summary>
    public string ThumbprintOf(string? name)
        => _certificates.Find(certificate => name is null || certificate.Name == name) is { Thumbprint: { } thumbprint } ? thumbprint : Elsewhere(name ?? "");

    /// <summary>The thumbprint of a certificate that this host does not have.</summary>
    public string Elsewhere(string name) => SeededThumbprint.Create(_seed, name);

    private static X509Certificate2 Make(SimulatedCertificateDescription description, SimulatedHostDescription host, Guid id, DateTimeOffset began)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(description.DnsNames is [var first, ..] ? first : SiteNames.Recovery(host));
        var generator = new UnsignedCertificate(id);
        var request = new CertificateRequest(subject.Build(), generator.PublicKey, HashAlgorithmName.SHA256);
        if (description.Usages.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. description.Usages.Distinct().Select(UsageOf)], critical: false));
        }

        if (description.DnsNames.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in description.DnsNames)
            {
                names.AddDnsName(name);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        var until = began + description.ExpiresIn;
        var from = description.StartsIn is { } start ? began + start : (until < began ? until : began) - Age;
        return request.Create(request.SubjectName, generator, from, until, id.ToByteArray());
    }

    private static Oid UsageOf(SimulatedCertificateUsage usage)
        => new(usage is SimulatedCertificateUsage.ClientAuthentication ? HostCertificate.ClientAuthentication : HostCertificate.ServerAuthentication);
}

/// <summary>
/// Key and signature of a simulated certificate: RSA-shaped numbers from a seed. There is no private key, and the signature does not
/// verify; the same seed gives the same certificate on every machine, and no secret exists.
/// </summary>
internal sealed class UnsignedCertificate(Guid seed) : X509SignatureGenerator
{
    private const int Bytes = 256;
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    private static readonly byte[] Exponent = [1, 0, 1];

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Sha256WithRsa);
            writer.WriteNull();
        }

        return writer.Encode();
    }

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => Draw("signature", SHA256.HashData(data));

    protected override PublicKey BuildPublicKey()
    {
        var modulus = Draw("modulus", []);
        modulus[0] |= 0x80;
        modulus[^1] |= 1;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteIntegerUnsigned(Exponent);
        }

        return new PublicKey(new Oid(RsaEncryption), new AsnEncodedData([5, 0]), new AsnEncodedData(writer.Encode()));
    }

    private byte[] Draw(string what, ReadOnlySpan<byte> more)
        => HKDF.Expand(HashAlgorithmName.SHA256, SHA256.HashData([.. seed.ToByteArray(), .. more]), Bytes, System.Text.Encoding.ASCII.GetBytes(what));
}
