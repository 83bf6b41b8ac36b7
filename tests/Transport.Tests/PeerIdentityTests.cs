using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests;

public sealed class PeerIdentityTests
{
    [Theory]
    [InlineData("failback://agent/hv-01", PeerRole.Agent, "hv-01")]
    [InlineData("failback://coordinator/main", PeerRole.Coordinator, "main")]
    [InlineData("failback://operator/ana@dr.example", PeerRole.Operator, "ana@dr.example")]
    [InlineData("FAILBACK://Viewer/HV_1.corp.example", PeerRole.Viewer, "HV_1.corp.example")]
    public void FromCertificate_reads_role_and_name(string uri, PeerRole role, string name)
    {
        using var certificate = Certificate(uri);

        PeerIdentity.FromCertificate(certificate).ShouldBe(new PeerIdentity(role, name, "CN=somebody") { SerialNumber = certificate.SerialNumber });
    }

    [Fact]
    public void FromCertificate_ignores_what_is_not_ours()
    {
        using var certificate = Certificate("spiffe://corp/agent", "failback://viewer/eve", "https://corp.example/");

        PeerIdentity.FromCertificate(certificate).Uri.ShouldBe("failback://viewer/eve");
    }

    [Theory]
    [InlineData("certificate 'CN=somebody' carries no identity: no URI failback://<role>/<name> among its subject alternative names")]
    [InlineData("certificate 'CN=somebody' carries no identity: no URI failback://<role>/<name> among its subject alternative names", "https://corp.example/")]
    [InlineData("certificate 'CN=somebody' carries 2 identities (failback://agent/a, failback://coordinator/a); exactly one is allowed", "failback://agent/a", "failback://coordinator/a")]
    [InlineData("certificate 'CN=somebody': identity 'failback://root/a' has the unknown role 'root'; known are agent, coordinator, operator, viewer", "failback://root/a")]
    [InlineData("certificate 'CN=somebody': identity 'failback://1/a' has the unknown role '1'; known are agent, coordinator, operator, viewer", "failback://1/a")]
    [InlineData("certificate 'CN=somebody': identity 'failback://agent/a/b' is not of the form failback://<role>/<name>", "failback://agent/a/b")]
    [InlineData("certificate 'CN=somebody': identity 'failback:agent' is not of the form failback://<role>/<name>", "failback:agent")]
    [InlineData("certificate 'CN=somebody': identity 'failback://agent/' has an invalid name '': 1 to 253 letters, digits, '.', '_', '-' or '@', starting and ending with a letter or digit", "failback://agent/")]
    [InlineData("certificate 'CN=somebody': identity 'failback://agent/a%2Fb' has an invalid name 'a%2Fb': 1 to 253 letters, digits, '.', '_', '-' or '@', starting and ending with a letter or digit", "failback://agent/a%2Fb")]
    public void FromCertificate_without_exactly_one_good_identity_is_refused(string message, params string[] uris)
    {
        using var certificate = Certificate(uris);

        Should.Throw<FormatException>(() => PeerIdentity.FromCertificate(certificate)).Message.ShouldBe(message);
    }

    [Fact]
    public void FromCertificate_with_bytes_after_the_alternative_names_is_refused()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("failback://viewer/eve"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [.. names.Build().RawData, 0x05, 0x00], critical: false));
        using var certificate = request.CreateSelfSigned(Pki.Start, Pki.Start.AddDays(1));

        Should.Throw<FormatException>(() => PeerIdentity.FromCertificate(certificate)).Message.ShouldBe("certificate 'CN=somebody' has malformed subject alternative names");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("-a")]
    [InlineData("a\n")]
    [InlineData("../ca-key")]
    public void Format_an_invalid_name_is_refused(string name)
        => Should.Throw<ArgumentException>(() => PeerIdentity.Format(PeerRole.Agent, name)).Message.ShouldStartWith($"peer name '{name}' is not valid: ");

    [Fact]
    public void Format_bounds_the_length()
    {
        PeerIdentity.Format(PeerRole.Agent, new string('a', 253)).Length.ShouldBe("failback://agent/".Length + 253);
        Should.Throw<ArgumentException>(() => PeerIdentity.Format(PeerRole.Agent, new string('a', 254)));
    }

    private static X509Certificate2 Certificate(params string[] uris)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("somebody.example");
        foreach (var uri in uris)
        {
            names.AddUri(new Uri(uri, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        }

        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(Pki.Start, Pki.Start.AddDays(1));
    }
}
