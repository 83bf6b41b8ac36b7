using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Certificates.Tests;

public sealed class CertificateAuthorityTests : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly AuthorityOnDisk _pki = new();

    [Theory]
    [InlineData(PeerRole.Agent, new[] { ServerUsage, ClientUsage })]
    [InlineData(PeerRole.Coordinator, new[] { ServerUsage, ClientUsage })]
    [InlineData(PeerRole.Operator, new[] { ClientUsage })]
    [InlineData(PeerRole.Viewer, new[] { ClientUsage })]
    public void Issue_grants_the_usages_of_the_role(PeerRole role, string[] usages)
    {
        using var certificate = Issue(role);

        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value).ShouldBe(usages);
        PeerIdentity.FromCertificate(certificate).ShouldBe(new PeerIdentity(role, "hv-01", $"CN=hv-01, OU={role.ToString().ToLowerInvariant()}") { SerialNumber = certificate.SerialNumber });
    }

    [Fact]
    public void Issue_names_the_addresses_and_bounds_the_life()
    {
        using var certificate = Issue(PeerRole.Agent);
        using var authority = X509Certificate2.CreateFromPem(_pki.Authority.CertificatePem);

        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        names.EnumerateDnsNames().ShouldBe(["localhost"]);
        names.EnumerateIPAddresses().ShouldBe([IPAddress.Loopback]);
        certificate.NotAfter.ToUniversalTime().ShouldBe(AuthorityOnDisk.Start.AddDays(1).UtcDateTime);
        certificate.NotBefore.ToUniversalTime().ShouldBe(AuthorityOnDisk.Start.AddMinutes(-5).UtcDateTime);
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.ToArray()
            .ShouldBe(authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray());
    }

    [Fact]
    public void Issue_twice_gives_other_keys_and_serial_numbers()
    {
        using var first = Issue(PeerRole.Agent);
        using var second = Issue(PeerRole.Agent);

        second.SerialNumber.ShouldNotBe(first.SerialNumber);
        second.GetPublicKeyString().ShouldNotBe(first.GetPublicKeyString());
    }

    [Fact]
    public void Issue_beyond_the_authoritys_life_is_refused()
    {
        var tooLong = CertificateAuthority.DefaultLifetime + TimeSpan.FromDays(1);

        Should.Throw<ArgumentOutOfRangeException>(() => _pki.Authority.Issue(PeerRole.Agent, "hv-01", tooLong)).Message
            .ShouldStartWith("the lifetime of failback://agent/hv-01 must be positive and end before the authority does, on 2041-05-01 03:00:00Z");
        Should.Throw<ArgumentOutOfRangeException>(() => _pki.Authority.Issue(PeerRole.Agent, "hv-01", TimeSpan.Zero));
    }

    [Fact]
    public void Issue_a_name_longer_than_a_common_name_keeps_it_in_the_identity()
    {
        var name = new string('h', 200);
        using var certificate = X509Certificate2.CreateFromPem(_pki.Authority.Issue(PeerRole.Agent, name, TimeSpan.FromDays(1)).CertificatePem);

        PeerIdentity.FromCertificate(certificate).Name.ShouldBe(name);
    }

    [Fact]
    public void Sign_takes_the_key_and_nothing_else_from_the_request()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=I am the coordinator", key, HashAlgorithmName.SHA256);
        var wish = new SubjectAlternativeNameBuilder();
        wish.AddUri(new Uri("failback://coordinator/main"));
        request.CertificateExtensions.Add(wish.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));

        using var certificate = X509Certificate2.CreateFromPem(_pki.Authority.Sign(request.CreateSigningRequestPem(), PeerRole.Viewer, "eve", TimeSpan.FromDays(1)));

        PeerIdentity.FromCertificate(certificate).ShouldBe(new PeerIdentity(PeerRole.Viewer, "eve", "CN=eve, OU=viewer") { SerialNumber = certificate.SerialNumber });
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        certificate.PublicKey.ExportSubjectPublicKeyInfo().ShouldBe(key.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void Sign_a_damaged_request_is_refused()
    {
        var refusal = Should.Throw<CryptographicException>(() => _pki.Authority.Sign("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----", PeerRole.Agent, "hv-01", TimeSpan.FromDays(1)));

        refusal.Message.ShouldStartWith("the certificate request for failback://agent/hv-01 cannot be used: ");
    }

    [Fact]
    public void Sign_a_weak_key_is_refused()
    {
        using var key = RSA.Create(1024);
        var request = new CertificateRequest("CN=weak", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        Should.Throw<CryptographicException>(() => _pki.Authority.Sign(request.CreateSigningRequestPem(), PeerRole.Agent, "hv-01", TimeSpan.FromDays(1)))
            .Message.ShouldContain("1024 bits) is not allowed: ECDSA of at least 256 bits or RSA of at least 2048 bits is needed");
    }

    [Fact]
    public void WriteTo_keeps_keys_for_the_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are of Unix; on Windows the directory's access list is inherited");
            return;
        }

        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        var peer = _pki.Files(PeerRole.Agent, "hv-01");
        var (_, authorityKey) = _pki.Authority.WriteTo(_pki.PathOf("authority"));

        File.GetUnixFileMode(peer.PrivateKeyPath!).ShouldBe(ownerOnly);
        File.GetUnixFileMode(authorityKey).ShouldBe(ownerOnly);
        File.GetUnixFileMode(peer.CertificatePath!).HasFlag(UnixFileMode.GroupRead).ShouldBeTrue();
    }

    [Fact]
    public void WriteTo_over_a_key_that_others_can_read_closes_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are of Unix; on Windows the directory's access list is inherited");
            return;
        }

        var open = _pki.PathOf("agent-hv-01-key.pem");
        File.WriteAllText(open, "old");
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var path = _pki.Files(PeerRole.Agent, "hv-01").PrivateKeyPath!;

        path.ShouldBe(open);
        File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead).ShouldBeFalse();
        Directory.GetFiles(Path.GetDirectoryName(path)!).Length.ShouldBe(3);
    }

    [Fact]
    public void Load_takes_up_an_authority_that_was_written()
    {
        var (certificatePath, keyPath) = _pki.Authority.WriteTo(_pki.PathOf("authority"));
        using var again = CertificateAuthority.Load(certificatePath, keyPath, _pki.Clock);

        using var identity = MutualTlsIdentity.Load(again.Issue(PeerRole.Operator, "ana", TimeSpan.FromHours(8)).WriteTo(_pki.PathOf("ana")), _pki.Clock);

        identity.Peer.Uri.ShouldBe("failback://operator/ana");
        again.CertificatePem.ShouldBe(_pki.Authority.CertificatePem);
    }

    [Fact]
    public void Load_a_peers_certificate_as_authority_is_refused()
    {
        var peer = _pki.Files(PeerRole.Agent, "hv-01");

        Should.Throw<CryptographicException>(() => CertificateAuthority.Load(peer.CertificatePath!, peer.PrivateKeyPath!, _pki.Clock)).Message
            .ShouldBe($"'{peer.CertificatePath}' ('CN=hv-01, OU=agent') is not a certificate authority");
        Should.Throw<CryptographicException>(() => CertificateAuthority.Load(peer.AuthorityPath!, peer.PrivateKeyPath!, _pki.Clock)).Message
            .ShouldStartWith($"'{peer.AuthorityPath}' and '{peer.PrivateKeyPath}' do not hold a PEM certificate and its private key: ");
    }

    [Fact]
    public void ToString_of_an_issued_certificate_hides_the_key()
        => _pki.Authority.Issue(PeerRole.Agent, "hv-01", TimeSpan.FromDays(1)).ToString().ShouldBe("certificate of failback://agent/hv-01");

    [Fact]
    public void Issue_by_an_rsa_authority_works()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Old authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(AuthorityOnDisk.Start, AuthorityOnDisk.Start.AddYears(1));
        File.WriteAllText(_pki.PathOf("old.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_pki.PathOf("old-key.pem"), key.ExportPkcs8PrivateKeyPem());
        using var authority = CertificateAuthority.Load(_pki.PathOf("old.pem"), _pki.PathOf("old-key.pem"), _pki.Clock);

        using var identity = MutualTlsIdentity.Load(authority.Issue(PeerRole.Agent, "hv-01", TimeSpan.FromDays(1)).WriteTo(_pki.PathOf("old")), _pki.Clock);

        identity.Certificate.Issuer.ShouldBe("CN=Old authority");
    }

    public void Dispose() => _pki.Dispose();

    private X509Certificate2 Issue(PeerRole role)
        => X509Certificate2.CreateFromPem(_pki.Authority.Issue(role, "hv-01", TimeSpan.FromDays(1), ["localhost"], [IPAddress.Loopback]).CertificatePem);
}
