using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Tests.Scripted;

namespace HostAgent.HyperV.Tests.Readiness;

/// <summary>A certificate made for one test, as a host would have it.</summary>
internal static class TestCertificate
{
    private const string FullName = "hv-west-01.contoso.test";

    public static HostCertificate Make(
        string commonName = FullName, string[]? dnsNames = null, string[]? usages = null, TimeSpan? from = null, TimeSpan? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}, O=Contoso", key, HashAlgorithmName.SHA256);
        usages ??= [HostCertificate.ClientAuthentication, HostCertificate.ServerAuthentication];
        if (usages.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], critical: false));
        }

        if (dnsNames is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            Array.ForEach(dnsNames, names.AddDnsName);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.CreateSelfSigned(
            ScriptedHost.Now + (from ?? TimeSpan.FromDays(-30)), ScriptedHost.Now + (until ?? TimeSpan.FromDays(300)));
        return HostCertificate.Of(certificate);
    }
}
