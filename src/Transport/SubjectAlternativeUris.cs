using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport;

/// <summary>Reads the URIs among a certificate's subject alternative names, which the base library does not offer (RFC 5280, section 4.2.1.6).</summary>
internal static class SubjectAlternativeUris
{
    private const string ExtensionOid = "2.5.29.17";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <exception cref="FormatException">The extension is not valid DER.</exception>
    public static IReadOnlyList<string> Read(X509Certificate2 certificate)
    {
        List<string> uris = [];
        try
        {
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == ExtensionOid))
            {
                var whole = new AsnReader(extension.RawData, AsnEncodingRules.DER);
                var names = whole.ReadSequence();
                whole.ThrowIfNotEmpty();
                while (names.HasData)
                {
                    if (names.PeekTag().HasSameClassAndValue(UriTag))
                    {
                        uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                    }
                    else
                    {
                        names.ReadEncodedValue();
                    }
                }
            }
        }
        catch (AsnContentException exception)
        {
            throw new FormatException($"certificate '{certificate.Subject}' has malformed subject alternative names", exception);
        }

        return uris;
    }
}
