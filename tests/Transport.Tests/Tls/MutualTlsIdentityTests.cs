using System.Security.Cryptography;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Transport.Tests.Tls;

/// <summary>Every error in the configuration is one clear line that names the setting and the path.</summary>
public sealed class MutualTlsIdentityTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly MutualTlsOptions _options;

    public MutualTlsIdentityTests() => _options = _pki.Files(PeerRole.Agent, "hv-01");

    [Fact]
    public void Load_good_files_gives_the_identity()
    {
        using var identity = MutualTlsIdentity.Load(_options, _pki.Clock);

        identity.Peer.ShouldBe(new PeerIdentity(PeerRole.Agent, "hv-01", "CN=hv-01, OU=agent") { SerialNumber = identity.Certificate.SerialNumber });
        identity.Certificate.HasPrivateKey.ShouldBeTrue();
        identity.Authorities.ShouldHaveSingleItem().Subject.ShouldBe("CN=Test authority");
    }

    [Fact]
    public void Load_without_settings_names_all_three()
    {
        Errors(new MutualTlsOptions { CertificatePath = " " }).ShouldBe([
            "HostAgent:CertificatePath: is not set; it must be the path of a PEM file",
            "HostAgent:PrivateKeyPath: is not set; it must be the path of a PEM file",
            "HostAgent:AuthorityPath: is not set; it must be the path of a PEM file",
        ]);
    }

    [Fact]
    public void Load_missing_files_names_all_of_them()
    {
        var (key, authority) = (_pki.PathOf("no-key.pem"), _pki.PathOf("nowhere/ca.pem"));
        (_options.PrivateKeyPath, _options.AuthorityPath) = (key, authority);

        Errors(_options).ShouldBe([
            $"HostAgent:PrivateKeyPath: file '{key}' does not exist",
            $"HostAgent:AuthorityPath: file '{authority}' does not exist",
        ]);
    }

    [Fact]
    public void Load_directory_instead_of_file_says_that_it_cannot_be_read()
    {
        _options.AuthorityPath = _pki.PathOf("");

        Errors(_options).ShouldHaveSingleItem().ShouldStartWith($"HostAgent:AuthorityPath: file '{_options.AuthorityPath}' cannot be read: ");
    }

    [Fact]
    public void Load_text_that_is_no_pem_is_named()
    {
        _options.CertificatePath = Write("note.pem", "not a certificate");

        Errors(_options).ShouldBe([$"HostAgent:CertificatePath: file '{_options.CertificatePath}' has no PEM certificate (-----BEGIN CERTIFICATE-----)"]);
    }

    [Fact]
    public void Load_pem_with_damaged_content_is_named()
    {
        _options.AuthorityPath = Write("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        Errors(_options).ShouldHaveSingleItem().ShouldStartWith($"HostAgent:AuthorityPath: file '{_options.AuthorityPath}' has an unreadable certificate: ");
    }

    [Fact]
    public void Load_key_of_another_certificate_is_named()
    {
        _options.PrivateKeyPath = _pki.Files(PeerRole.Agent, "hv-02").PrivateKeyPath;

        Errors(_options).ShouldBe([$"HostAgent:PrivateKeyPath: file '{_options.PrivateKeyPath}' does not hold the private key of the certificate in '{_options.CertificatePath}' ('CN=hv-01, OU=agent')"]);
    }

    [Fact]
    public void Load_key_that_the_system_cannot_read_is_not_taken_for_another_certificates()
    {
        _options.PrivateKeyPath = Write("damaged-key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        Errors(_options).ShouldHaveSingleItem().ShouldStartWith($"HostAgent:PrivateKeyPath: the private key in file '{_options.PrivateKeyPath}' cannot be used on this system: ");
    }

    [Fact]
    public void Load_file_without_a_key_is_named()
    {
        _options.PrivateKeyPath = _options.CertificatePath;

        Errors(_options).ShouldBe([$"HostAgent:PrivateKeyPath: file '{_options.PrivateKeyPath}' has no PEM private key (-----BEGIN PRIVATE KEY-----)"]);
    }

    [Fact]
    public void Load_encrypted_key_is_named()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _options.PrivateKeyPath = Write("encrypted.pem", key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));

        Errors(_options).ShouldBe([$"HostAgent:PrivateKeyPath: file '{_options.PrivateKeyPath}' is encrypted; an unencrypted PEM key, readable by the service's account only, is needed"]);
    }

    [Fact]
    public void Load_expired_certificate_says_since_when()
    {
        _pki.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));

        Errors(_options).ShouldBe([$"HostAgent:CertificatePath: certificate 'CN=hv-01, OU=agent' in '{_options.CertificatePath}' expired on 2031-05-05 03:00:00Z"]);
    }

    [Fact]
    public void Load_certificate_of_the_future_shows_both_times()
    {
        Errors(_options, new FakeTimeProvider(Pki.Start.AddHours(-1))).ShouldBe([
            $"HostAgent:CertificatePath: certificate 'CN=hv-01, OU=agent' in '{_options.CertificatePath}' is not valid before 2031-05-04 02:55:00Z; it is 2031-05-04 02:00:00Z by this machine's clock",
        ]);
    }

    [Fact]
    public void Load_certificate_of_another_authority_is_named()
    {
        using var other = new Pki("Other authority");
        _options.AuthorityPath = other.Files(PeerRole.Agent, "hv-01").AuthorityPath;

        Errors(_options).ShouldBe([
            $"HostAgent:CertificatePath: certificate in '{_options.CertificatePath}' would be refused by every peer that trusts '{_options.AuthorityPath}': certificate 'CN=hv-01, OU=agent' was issued by 'CN=Test authority', which is not the trusted authority 'CN=Other authority', or has another key",
        ]);
    }

    [Fact]
    public void Load_peer_certificate_as_authority_is_named()
    {
        _options.AuthorityPath = _options.CertificatePath;

        Errors(_options)[0].ShouldBe($"HostAgent:AuthorityPath: file '{_options.AuthorityPath}' contains a certificate that is not a certificate authority: 'CN=hv-01, OU=agent'");
    }

    public void Dispose() => _pki.Dispose();

    private string Write(string file, string text)
    {
        var path = _pki.PathOf(file);
        File.WriteAllText(path, text);
        return path;
    }

    private List<string> Errors(MutualTlsOptions options, TimeProvider? clock = null)
        => [.. Should.Throw<OptionsValidationException>(() => MutualTlsIdentity.Load(options, clock ?? _pki.Clock, "HostAgent")).Failures];
}
