using System.Globalization;
using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Readiness;

/// <summary>Checks of the certificate that this host authenticates to the primary side with.</summary>
internal sealed class CertificateChecks(FailbackRules rules, DateTimeOffset now)
{
    private const string Renew = "Install a valid certificate on this host and set its thumbprint in the replication settings.";

    public IEnumerable<ReadinessCheck> Make(ReadinessFacts facts, VirtualMachine machine)
        =>
        [
            Found(facts.Certificate),
            Judge(facts, ReadinessCheckId.CertificateNotValid, CheckSeverity.Blocking, Valid, Renew),
            Judge(facts, ReadinessCheckId.CertificateExpiresSoon, CheckSeverity.Overridable, ValidLongEnough, "Renew the certificate: the failback and the replication afterwards need it for longer."),
            Judge(facts, ReadinessCheckId.CertificateUsageMissing, CheckSeverity.Blocking, Usages, "Use a certificate with both extended key usages, client and server authentication."),
            Judge(
                facts, ReadinessCheckId.CertificateNameMismatch, CheckSeverity.Overridable, certificate => Named(certificate, facts.HostName, machine.ReplicationSettings),
                "Use a certificate for this host's full DNS name, or in a cluster, for the name of its replication broker."),
            Judge(
                facts, ReadinessCheckId.CertificatePrivateKeyMissing, CheckSeverity.Blocking, _ => PrivateKey(facts.Certificate.Trust),
                "Install the certificate together with its private key in the computer's personal store."),
            Judge(
                facts, ReadinessCheckId.CertificateNotTrusted, CheckSeverity.Overridable, _ => Trusted(facts.Certificate.Trust),
                "Install the issuers' certificates on this host, and check that it can reach their revocation lists."),
        ];

    private static ReadinessCheck Found(CertificateFacts facts) => ReadinessCheck.Of(
        ReadinessCheckId.CertificateNotOnHost, facts is not { NotChecked: null, Certificate: null }, CheckSeverity.Blocking,
        facts switch
        {
            { NotChecked: { } reason } => reason,
            { Certificate: { } certificate } => $"certificate {certificate.Thumbprint} of {certificate.Subject}",
            _ => $"certificate {facts.Thumbprint} is not among the {facts.Total} certificates of this host" + (facts.Unreadable == 0 ? "" : $", {facts.Unreadable} of which cannot be read"),
        },
        "Install the certificate in the computer's personal store, or set the thumbprint of an installed one in the replication settings.");

    private static ReadinessCheck Judge(
        ReadinessFacts facts, string id, CheckSeverity severity, Func<HostCertificate, (bool Passed, string Observed)> judge, string remedy)
    {
        var (passed, observed) = facts.Certificate switch
        {
            { NotChecked: { } reason } => (true, reason),
            { Certificate: { } certificate } => judge(certificate),
            _ => (true, "not checked: the host does not have the certificate"),
        };
        return ReadinessCheck.Of(id, passed, severity, observed, remedy);
    }

    private (bool Passed, string Observed) Valid(HostCertificate certificate)
        => (certificate.NotBefore <= now && now <= certificate.NotAfter, now < certificate.NotBefore
            ? $"not valid before {UtcText.Of(certificate.NotBefore)}"
            : $"{(now > certificate.NotAfter ? "expired" : "valid until")} {UtcText.Of(certificate.NotAfter)}");

    // An expired certificate already fails the previous check.
    private (bool Passed, string Observed) ValidLongEnough(HostCertificate certificate)
        => (now > certificate.NotAfter || certificate.NotAfter - now >= rules.CertificateExpiryWarning, string.Create(
            CultureInfo.InvariantCulture,
            $"valid until {UtcText.Of(certificate.NotAfter)}, in {Math.Max(0, (certificate.NotAfter - now).TotalDays):0.#} days; required {rules.CertificateExpiryWarning.TotalDays:0.#} days"));

    private static (bool Passed, string Observed) Usages(HostCertificate certificate)
    {
        var missing = new List<string>();
        if (!certificate.Allows(HostCertificate.ClientAuthentication))
        {
            missing.Add("client authentication");
        }

        if (!certificate.Allows(HostCertificate.ServerAuthentication))
        {
            missing.Add("server authentication");
        }

        return (missing.Count == 0, missing.Count == 0 ? "for client and server authentication" : $"not for {string.Join(" nor ", missing)}");
    }

    private static (bool Passed, string Observed) Named(HostCertificate certificate, string? hostName, ReplicationSettingData? settings)
    {
        var wanted = new[] { settings?.RecoveryHostSystem, settings?.RecoveryConnectionPoint }.OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var ofHost = hostName is not null && certificate.Names.Any(name => ComputerName.IsOf(name, hostName));
        var names = certificate.Names.Count == 0 ? "no name" : string.Join(", ", certificate.Names);
        return wanted.Count == 0 && hostName is null
            ? (true, $"for {names}; this host's name is unknown")
            : (ofHost || wanted.Exists(certificate.IsFor), $"for {names}; this host is {string.Join(" or ", wanted.Append(hostName).OfType<string>())}");
    }

    private static (bool Passed, string Observed) PrivateKey(CertificateTrust? trust) => trust switch
    {
        null => (true, "not checked: the agent does not run on this host"),
        { HasPrivateKey: null } => (true, "it is unknown whether the host has the private key"),
        { HasPrivateKey: { } has } => (has, has ? "the host has the private key" : "the host does not have the private key"),
    };

    private static (bool Passed, string Observed) Trusted(CertificateTrust? trust) => trust switch
    {
        null => (true, "not checked: the agent does not run on this host"),
        { ChainProblems: [] } => (true, "this host trusts its chain"),
        { ChainProblems: var problems } => (false, string.Join("; ", problems)),
    };
}
