using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HostAgent.HyperV.Certificates;

/// <summary>A certificate in the host's computer store (<c>LocalMachine\My</c>), with the fields that replication uses.</summary>
/// <param name="Thumbprint">SHA-1 of the certificate in upper-case hexadecimal; replication settings refer to it by this.</param>
/// <param name="Subject">The subject's distinguished name.</param>
/// <param name="Names">The DNS names it covers: the subject alternative names and the subject's common name.</param>
/// <param name="NotBefore">Start of its validity.</param>
/// <param name="NotAfter">End of its validity.</param>
/// <param name="Usages">OIDs of its extended key usages; null when it has no such extension and may be used for anything.</param>
/// <param name="Encoded">The certificate in DER.</param>
public sealed record HostCertificate(
    string Thumbprint,
    string Subject,
    IReadOnlyList<string> Names,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    IReadOnlyList<string>? Usages,
    ReadOnlyMemory<byte> Encoded)
{
    /// <summary>Server authentication (id-kp-serverAuth).</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Client authentication (id-kp-clientAuth).</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private const string AnyUsage = "2.5.29.37.0";

    /// <summary>Reads a certificate.</summary>
    public static HostCertificate Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        return new HostCertificate(
            certificate.Thumbprint,
            certificate.Subject,
            [.. NamesOf(certificate).Distinct(StringComparer.OrdinalIgnoreCase)],
            new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
            usages is null ? null : [.. usages.EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value ?? "")],
            certificate.RawData);
    }

    /// <summary>Whether the certificate may be used for this purpose.</summary>
    public bool Allows(string usage)
        => Usages is null || Usages.Contains(usage, StringComparer.Ordinal) || Usages.Contains(AnyUsage, StringComparer.Ordinal);

    /// <summary>Whether one of its names matches this DNS name. A leading <c>*</c> label matches any one label.</summary>
    public bool IsFor(string dnsName) => Names.Any(name => Matches(name, dnsName.TrimEnd('.')));

    private static bool Matches(string name, string dnsName)
        => string.Equals(name, dnsName, StringComparison.OrdinalIgnoreCase)
            || (name.StartsWith("*.", StringComparison.Ordinal) && dnsName.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
                && string.Equals(name[1..], dnsName[dot..], StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        foreach (var name in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()))
        {
            yield return name;
        }

        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3" && part.GetSingleElementValue() is { Length: > 0 } commonName)
            {
                yield return commonName;
            }
        }
    }
}

/// <summary>Normalizes thumbprints: either case, spaces, and the invisible mark that the Windows certificate dialog prepends.</summary>
public static class Thumbprint
{
    /// <summary>The hexadecimal digits only, in upper case.</summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Concat(text.Where(char.IsAsciiHexDigit)).ToUpperInvariant();
    }
}

/// <summary>Reads the output of GetSystemCertificates: each certificate is base64, possibly between PEM header lines.</summary>
internal static class CertificateReader
{
    /// <summary>The certificate in the text, or null when there is none.</summary>
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
