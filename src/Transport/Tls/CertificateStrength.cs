using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Tls;

/// <summary>Which keys and signatures are strong enough, for peers, for their authorities and for our own certificate alike.</summary>
internal static class CertificateStrength
{
    private const int LeastEllipticBits = 256;
    private const int LeastRsaBits = 2048;
    private const string Needed = "ECDSA of at least 256 bits or RSA of at least 2048 bits is needed";
    private const string Elliptic = "1.2.840.10045.2.1";
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";

    // With SHA-256, SHA-384 and SHA-512: RSA (PKCS#1), then ECDSA.
    private static readonly string[] StrongSignatures =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13",
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4",
    ];

    private static readonly string[] StrongHashes = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    /// <summary>The first weakness in a chain, half a sentence that names the certificate; null when there is none.</summary>
    /// <param name="chain">From the peer's certificate to the authority that is trusted by its bytes, so that its own signature does not matter.</param>
    public static string? WeaknessOf(IEnumerable<X509Certificate2> chain)
    {
        X509Certificate2[] certificates = [.. chain];
        for (var index = 0; index < certificates.Length; index++)
        {
            var certificate = certificates[index];
            if (WeaknessOf(certificate.PublicKey) is { } key)
            {
                return $"certificate '{certificate.Subject}' has a key that is too weak, {key}: {Needed}";
            }

            if (index < certificates.Length - 1 && !IsSignedStrongly(certificate))
            {
                return $"certificate '{certificate.Subject}' is signed with {certificate.SignatureAlgorithm.FriendlyName ?? certificate.SignatureAlgorithm.Value}: ECDSA or RSA with SHA-256 or better is needed";
            }
        }

        return null;
    }

    /// <exception cref="CryptographicException">The key of a certificate request is of another kind or too short.</exception>
    public static void Demand(PublicKey key)
    {
        if (WeaknessOf(key) is { } weakness)
        {
            throw new CryptographicException($"the certificate request's key ({weakness}) is not allowed: {Needed}");
        }
    }

    // From the certificate's own bytes: a system that cannot use the key can judge it all the same.
    private static string? WeaknessOf(PublicKey key)
    {
        try
        {
            return key.Oid.Value switch
            {
                Elliptic when EllipticBits(key) is var bits => bits >= LeastEllipticBits ? null : $"{Kind(key)}, {bits} bits",
                Rsa or RsaPss when RsaBits(key) is var bits => bits >= LeastRsaBits ? null : $"{Kind(key)}, {bits} bits",
                _ => Kind(key),
            };
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            return $"{Kind(key)}: {exception.Message}";
        }
    }

    // A point of a named curve: 04 and two coordinates, or 02 or 03 and one. Parameters of somebody's own may be of any strength.
    private static long EllipticBits(PublicKey key)
    {
        new AsnReader(key.EncodedParameters?.RawData ?? [], AsnEncodingRules.DER).ReadObjectIdentifier();
        var point = key.EncodedKeyValue.RawData;
        return point switch
        {
            [4, ..] => (point.Length - 1) / 2 * 8,
            [2 or 3, ..] => (point.Length - 1) * 8,
            _ => 0,
        };
    }

    private static long RsaBits(PublicKey key)
        => new AsnReader(key.EncodedKeyValue.RawData, AsnEncodingRules.DER).ReadSequence().ReadInteger().GetBitLength();

    private static string Kind(PublicKey key) => key.Oid.FriendlyName ?? key.Oid.Value ?? "of an unknown kind";

    private static bool IsSignedStrongly(X509Certificate2 certificate)
        => certificate.SignatureAlgorithm.Value is { } algorithm
        && (Array.IndexOf(StrongSignatures, algorithm) >= 0 || (algorithm == RsaPss && HasStrongPssHash(certificate.RawDataMemory)));

    // RSASSA-PSS names its hash in its parameters (RFC 4055, section 3.1); left out it is SHA-1.
    private static bool HasStrongPssHash(ReadOnlyMemory<byte> der)
    {
        try
        {
            var certificate = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            certificate.ReadEncodedValue();
            var algorithm = certificate.ReadSequence();
            algorithm.ReadObjectIdentifier();
            var parameters = algorithm.ReadSequence();
            var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0);
            return parameters.HasData
                && parameters.PeekTag().HasSameClassAndValue(hashTag)
                && Array.IndexOf(StrongHashes, parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier()) >= 0;
        }
        catch (AsnContentException)
        {
            // What cannot be read is not known to be strong, and the caller refuses it with a reason.
            return false;
        }
    }
}
