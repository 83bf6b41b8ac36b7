using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Tls;

/// <summary>The extended key usages that matter here (RFC 5280, section 4.2.1.12).</summary>
internal static class KeyUsage
{
    public const string Server = "1.3.6.1.5.5.7.3.1";
    public const string Client = "1.3.6.1.5.5.7.3.2";
}

/// <summary>A certificate's validity period in UTC; the base library gives it in local time.</summary>
internal static class ValidityPeriod
{
    extension(X509Certificate2 certificate)
    {
        public DateTimeOffset ValidFrom => new(certificate.NotBefore.ToUniversalTime());

        public DateTimeOffset ValidUntil => new(certificate.NotAfter.ToUniversalTime());
    }
}
