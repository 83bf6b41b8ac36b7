using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Tls;

/// <summary>A certificate's validity period on the same footing as our clock: the base library tells it in local time.</summary>
internal static class ValidityPeriod
{
    extension(X509Certificate2 certificate)
    {
        public DateTimeOffset ValidFrom => new(certificate.NotBefore.ToUniversalTime());

        public DateTimeOffset ValidUntil => new(certificate.NotAfter.ToUniversalTime());
    }
}
