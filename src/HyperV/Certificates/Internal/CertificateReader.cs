using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HostAgent.HyperV.Certificates.Internal;

/// <summary>Reads what GetSystemCertificates hands out: each certificate as base 64, which may stand between the lines of a PEM file.</summary>
internal static class CertificateReader
{
    /// <summary>The certificate in a text, or null when there is none.</summary>
    public static HostCertificate? Read(string text)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Bytes(text));
            return HostCertificate.Of(certificate);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Bytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : Encoding.ASCII.GetBytes(text);
    }
}
