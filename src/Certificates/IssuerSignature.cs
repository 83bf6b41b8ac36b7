using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Certificates;

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
