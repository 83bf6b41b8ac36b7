using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Internal;

/// <summary>Which keys a peer may bring along.</summary>
internal static class PublicKeyStrength
{
    private const int LeastEllipticBits = 256;
    private const int LeastRsaBits = 2048;

    /// <exception cref="CryptographicException">The key is of another kind or too short.</exception>
    public static void Demand(PublicKey key)
    {
        using var elliptic = key.GetECDsaPublicKey();
        using var rsa = key.GetRSAPublicKey();
        var enough = elliptic?.KeySize >= LeastEllipticBits || rsa?.KeySize >= LeastRsaBits;
        if (!enough)
        {
            throw new CryptographicException($"the certificate request's key ({key.Oid.FriendlyName ?? key.Oid.Value}, {elliptic?.KeySize ?? rsa?.KeySize} bits) is not allowed: ECDSA of at least {LeastEllipticBits} bits or RSA of at least {LeastRsaBits} bits is needed");
        }
    }
}
