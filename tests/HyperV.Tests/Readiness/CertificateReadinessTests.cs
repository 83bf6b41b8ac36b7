using System.Security.Cryptography.X509Certificates;
using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Tests.Scripted;
using Microsoft.Extensions.Time.Testing;
using static HostAgent.HyperV.Tests.Readiness.ReportAssertions;

namespace HostAgent.HyperV.Tests.Readiness;

public sealed class CertificateReadinessTests
{
    private static readonly string[] Ids =
    [
        ReadinessCheckId.CertificateNotOnHost, ReadinessCheckId.CertificateNotValid, ReadinessCheckId.CertificateExpiresSoon,
        ReadinessCheckId.CertificateUsageMissing, ReadinessCheckId.CertificateNameMismatch, ReadinessCheckId.CertificatePrivateKeyMissing,
        ReadinessCheckId.CertificateNotTrusted,
    ];

    private readonly ScriptedHost _script = new();

    [Fact]
    public async Task A_good_certificate_passes_every_check()
    {
        var report = await CheckAsync(TestCertificate.Make(), trust: new Trust(new CertificateTrust(true, [])));
        foreach (var id in Ids)
        {
            Find(report, id).Passed.ShouldBeTrue(Find(report, id).Observed);
        }

        Find(report, ReadinessCheckId.CertificateNotOnHost).Observed.ShouldContain("CN=hv-west-01.contoso.test");
        report.Obstacles([]).ShouldBeEmpty();
    }

    [Fact]
    public async Task Certificates_cost_two_calls_more()
    {
        await CheckAsync(TestCertificate.Make());
        _script.Session.Calls.Count.ShouldBe(16);
        _script.Session.Calls.ShouldContain("Invoke Msvm_ReplicationService.GetSystemCertificates");
    }

    [Fact]
    public async Task A_certificate_that_the_host_does_not_have_blocks()
    {
        var other = TestCertificate.Make();
        Answer(other);
        var report = await CheckAsync(new string('A', 40));
        ShouldFail(report, ReadinessCheckId.CertificateNotOnHost, CheckSeverity.Blocking, $"{new string('A', 40)} is not among the 1 certificates of this host");
        ShouldPass(report, ReadinessCheckId.CertificateNotValid, "does not have the certificate");
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_counted()
    {
        Answer((uint)ReturnCode.Completed, ["AAAA", "not base 64"]);
        ShouldFail(await CheckAsync(new string('A', 40)), ReadinessCheckId.CertificateNotOnHost, CheckSeverity.Blocking, "not among the 2 certificates of this host, 2 of which cannot be read");
    }

    [Fact]
    public async Task A_thumbprint_is_found_however_it_was_written()
    {
        var certificate = TestCertificate.Make();
        Answer(certificate);
        var spaced = '\u200e' + string.Join(' ', certificate.Thumbprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));
        ShouldPass(await CheckAsync(spaced), ReadinessCheckId.CertificateNotOnHost, certificate.Thumbprint);
    }

    [Fact]
    public async Task A_certificate_handed_out_as_a_pem_text_is_read()
    {
        var certificate = TestCertificate.Make();
        Answer((uint)ReturnCode.Completed, [$"-----BEGIN CERTIFICATE-----\n{Convert.ToBase64String(certificate.Encoded.Span)}\n-----END CERTIFICATE-----\n"]);
        ShouldPass(await CheckAsync(certificate.Thumbprint), ReadinessCheckId.CertificateNotOnHost, certificate.Thumbprint);
    }

    [Theory]
    [InlineData(-30, -1, "expired 2026-02-28T03:00:00Z")]
    [InlineData(1, 30, "not valid before 2026-03-02T03:00:00Z")]
    public async Task A_certificate_out_of_its_time_blocks(int from, int until, string observed)
        => ShouldFail(
            await CheckAsync(TestCertificate.Make(from: TimeSpan.FromDays(from), until: TimeSpan.FromDays(until))),
            ReadinessCheckId.CertificateNotValid, CheckSeverity.Blocking, observed);

    [Theory]
    [InlineData(13.5, 14, false, "in 13.5 days; required 14 days")]
    [InlineData(14, 14, true, "in 14 days; required 14 days")]
    [InlineData(40, 60, false, "in 40 days; required 60 days")]
    public async Task A_certificate_that_expires_soon_asks_by_rule(double days, int warning, bool passed, string observed)
    {
        var certificate = TestCertificate.Make(until: TimeSpan.FromDays(days));
        var report = await CheckAsync(certificate, new FailbackRules { CertificateExpiryWarning = TimeSpan.FromDays(warning) });
        if (passed)
        {
            ShouldPass(report, ReadinessCheckId.CertificateExpiresSoon, observed);
        }
        else
        {
            ShouldFail(report, ReadinessCheckId.CertificateExpiresSoon, CheckSeverity.Overridable, observed);
        }
    }

    [Theory]
    [InlineData(HostCertificate.ServerAuthentication, "not for client authentication")]
    [InlineData(HostCertificate.ClientAuthentication, "not for server authentication")]
    [InlineData("1.3.6.1.5.5.7.3.3", "not for client authentication nor server authentication")]
    public async Task A_certificate_that_is_not_for_both_sides_blocks(string usage, string observed)
        => ShouldFail(await CheckAsync(TestCertificate.Make(usages: [usage])), ReadinessCheckId.CertificateUsageMissing, CheckSeverity.Blocking, observed);

    [Theory]
    [InlineData("")]
    [InlineData("2.5.29.37.0")]
    public async Task A_certificate_without_the_extension_or_for_any_usage_is_for_all(string usage)
        => ShouldPass(
            await CheckAsync(TestCertificate.Make(usages: usage.Length == 0 ? [] : [usage])), ReadinessCheckId.CertificateUsageMissing, "client and server");

    [Theory]
    [InlineData("hv-west-01.contoso.test", null, true)]
    [InlineData("HV-WEST-01", null, true)]
    [InlineData("anything", "hv-west-01.contoso.test", true)]
    [InlineData("anything", "*.contoso.test", true)]
    [InlineData("anything", "broker.contoso.test", true)]
    [InlineData("anything", "*.test", false)]
    [InlineData("hv-west-02.contoso.test", null, false)]
    public async Task A_certificate_for_another_name_asks(string commonName, string? dnsName, bool fits)
    {
        var certificate = TestCertificate.Make(commonName, dnsName is null ? null : [dnsName]);
        Answer(certificate);
        var report = await CheckAsync(certificate.Thumbprint, settings: [("RecoveryHostSystem", "hv-west-01.contoso.test"), ("RecoveryConnectionPoint", "broker.contoso.test")]);
        if (fits)
        {
            ShouldPass(report, ReadinessCheckId.CertificateNameMismatch, commonName);
        }
        else
        {
            ShouldFail(report, ReadinessCheckId.CertificateNameMismatch, CheckSeverity.Overridable, "this host is hv-west-01.contoso.test or broker.contoso.test or HV-WEST-01");
        }
    }

    [Fact]
    public async Task A_certificate_without_its_private_key_blocks()
        => ShouldFail(
            await CheckAsync(TestCertificate.Make(), trust: new Trust(new CertificateTrust(false, []))),
            ReadinessCheckId.CertificatePrivateKeyMissing, CheckSeverity.Blocking, "does not have the private key");

    [Fact]
    public async Task A_chain_that_is_not_trusted_asks()
        => ShouldFail(
            await CheckAsync(TestCertificate.Make(), trust: new Trust(new CertificateTrust(true, ["UntrustedRoot: self-signed"]))),
            ReadinessCheckId.CertificateNotTrusted, CheckSeverity.Overridable, "UntrustedRoot: self-signed");

    [Fact]
    public async Task What_only_the_machine_itself_can_tell_is_not_judged_elsewhere()
    {
        var report = await CheckAsync(TestCertificate.Make());
        ShouldPass(report, ReadinessCheckId.CertificatePrivateKeyMissing, "not checked");
        ShouldPass(report, ReadinessCheckId.CertificateNotTrusted, "not checked");
    }

    [Theory]
    [InlineData(MachineScript.ExternalProvider, 2, "the external provider ignores")]
    [InlineData(MachineScript.InBoxProvider, 1, "Kerberos (1) uses no certificate")]
    public async Task Where_no_certificate_is_used_none_is_looked_at(string provider, int authentication, string observed)
    {
        var report = await CheckAsync("", provider: provider, settings: [("AuthenticationType", (ushort)authentication)]);
        foreach (var id in Ids)
        {
            ShouldPass(report, id, observed);
        }

        Find(report, ReadinessCheckId.CertificateThumbprintMissing).Passed.ShouldBeTrue();
        _script.Session.Calls.ShouldNotContain("Invoke Msvm_ReplicationService.GetSystemCertificates");
    }

    [Fact]
    public async Task A_host_that_does_not_tell_its_certificates_is_no_obstacle()
    {
        Answer((uint)ReturnCode.NotSupported, null);
        ShouldPass(await CheckAsync(new string('A', 40)), ReadinessCheckId.CertificateNotOnHost, "NotSupported (32770)");
        _script.Session.FailOn("Invoke Msvm_ReplicationService.GetSystemCertificates", CimErrorCode.Failed);
        ShouldPass(await CheckAsync(new string('A', 40)), ReadinessCheckId.CertificateNotOnHost, "the host did not list its certificates");
    }

    private Task<ReadinessReport> CheckAsync(HostCertificate certificate, FailbackRules? rules = null, ICertificateTrust? trust = null)
    {
        Answer(certificate);
        return CheckAsync(certificate.Thumbprint, rules: rules, trust: trust);
    }

    private Task<ReadinessReport> CheckAsync(
        string thumbprint, string provider = MachineScript.InBoxProvider, FailbackRules? rules = null, ICertificateTrust? trust = null,
        IReadOnlyList<(string, object?)>? settings = null)
    {
        _script.Session.OnMethod(
            HyperVClasses.ReplicationService, "TestReplicationConnection", (_, _) => new CimMethodResult(0, new Dictionary<string, object?>()));
        var id = _script.AddMachine(new MachineScript
        {
            Provider = provider,
            Settings = [("AuthenticationType", (ushort)2), ("CertificateThumbPrint", thumbprint), .. settings ?? []],
        });
        var host = new HyperVHost(new HostNamespaces(_script.Session), new FakeTimeProvider(ScriptedHost.Now), rules, trust);
        return host.CheckReadinessAsync(id, RecoveryPointSelector.Latest, CancellationToken.None);
    }

    private void Answer(params HostCertificate[] certificates)
        => Answer((uint)ReturnCode.Completed, [.. certificates.Select(certificate => Convert.ToBase64String(certificate.Encoded.Span))]);

    private void Answer(uint code, string[]? certificates) => _script.Session.OnMethod(
        HyperVClasses.ReplicationService, "GetSystemCertificates", (_, _) => new CimMethodResult(code, new Dictionary<string, object?> { ["EncodedCertificates"] = certificates }));

    private sealed class Trust(CertificateTrust answer) : ICertificateTrust
    {
        public Task<CertificateTrust> JudgeAsync(HostCertificate certificate, X509RevocationMode revocation, CancellationToken cancellationToken)
        {
            revocation.ShouldBe(FailbackRules.Default.CertificateRevocation);
            return Task.FromResult(answer);
        }
    }
}
