using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Certificates;

/// <summary>The subject of a certificate: for people to read; nothing is decided by it.</summary>
internal static class DistinguishedName
{
    private const int LongestCommonName = 64;

    public static X500DistinguishedName Create(string name, string? organizationalUnit = null)
    {
        var builder = new X500DistinguishedNameBuilder();
        // RFC 5280 allows a common name no more; the whole name stands in the identity URI.
        builder.AddCommonName(name.Length <= LongestCommonName ? name : name[..LongestCommonName]);
        if (organizationalUnit is not null)
        {
            builder.AddOrganizationalUnitName(organizationalUnit);
        }

        return builder.Build();
    }
}
