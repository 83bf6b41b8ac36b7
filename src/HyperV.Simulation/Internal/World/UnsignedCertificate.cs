using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>
/// Key and signature of a simulated certificate: numbers drawn from a seed, in the form of RSA. There is no private key, and nobody can
/// verify the signature; in return the same seed gives the same certificate on every machine, and no secret is kept anywhere.
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
