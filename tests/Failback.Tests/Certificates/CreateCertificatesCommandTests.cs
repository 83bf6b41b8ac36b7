using System.Security.Cryptography;
using HostAgent.Cli;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Failback.Tests.Certificates;

public sealed class CreateCertificatesCommandTests : IDisposable
{
    private readonly CommandLine _failback = TestProgram.CommandLine();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_certificates_can_be_loaded_and_say_who_they_are()
    {
        (await Create("--agent", "hv-1=127.0.0.1,hv-1.example", "--coordinator", "central=127.0.0.1", "--operator", "alice")).ShouldBe(ExitCode.Success, _failback.Error);

        Load("agent-hv-1").Peer.Uri.ShouldBe("failback://agent/hv-1");
        Load("coordinator-central").Peer.Role.ShouldBe(PeerRole.Coordinator);
        Load("operator-alice").Peer.Role.ShouldBe(PeerRole.Operator);
    }

    [Fact]
    public async Task A_second_call_takes_up_the_authority()
    {
        await Create("--operator", "alice");
        var authority = await File.ReadAllTextAsync(Path.Combine(_directory.Path, "ca.pem"));

        (await Create("--operator", "bob")).ShouldBe(ExitCode.Success, _failback.Error);

        (await File.ReadAllTextAsync(Path.Combine(_directory.Path, "ca.pem"))).ShouldBe(authority);
        Load("operator-bob").Peer.Name.ShouldBe("bob");
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_by_force()
    {
        await Create("--operator", "alice");
        var former = Load("operator-alice").Peer.SerialNumber;

        (await Create("--operator", "alice", "--operator", "bob")).ShouldBe(ExitCode.Failed);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"Nothing was created; these files exist: {Path.Combine(_directory.Path, "operator-alice.pem")}, ");
        Load("operator-alice").Peer.SerialNumber.ShouldBe(former);
        File.Exists(Path.Combine(_directory.Path, "operator-bob.pem")).ShouldBeFalse();

        (await Create("--operator", "alice", "--force")).ShouldBe(ExitCode.Success, _failback.Error);
        Load("operator-alice").Peer.SerialNumber.ShouldNotBe(former);
    }

    [Fact]
    public async Task Certificates_are_valid_for_thirty_days_unless_told_otherwise()
    {
        await Create("--operator", "alice");

        var certificate = Load("operator-alice").Certificate;
        (certificate.NotAfter.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime).TotalDays.ShouldBeInRange(29.9, 30);
    }

    [Fact]
    public async Task Encrypted_key_of_the_authority_is_called_so()
    {
        await Create("--operator", "alice");
        var path = Path.Combine(_directory.Path, "ca-key.pem");
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(path));
        await File.WriteAllTextAsync(path, key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));

        (await Create("--operator", "bob")).ShouldBe(ExitCode.Failed);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain($"'{path}' is encrypted; an unencrypted PEM key is needed");
    }

    [Fact]
    public async Task What_would_outlive_the_authority_is_refused_with_the_most_that_is_allowed()
    {
        using (var authority = CertificateAuthority.Create("short", TimeProvider.System, TimeSpan.FromDays(20)))
        {
            authority.WriteTo(_directory.Path);
        }

        (await Create("--operator", "alice")).ShouldBe(ExitCode.Failed);

        var line = _failback.ErrorLines.ShouldHaveSingleItem();
        line.ShouldStartWith($"--days: 30 is not allowed; the authority in {_directory.Path} ends on ");
        line.ShouldEndWith("so the maximum is 19.");
        (await Create("--operator", "alice", "--days", "19")).ShouldBe(ExitCode.Success, _failback.Error);
    }

    [Fact]
    public async Task Half_an_authority_is_not_replaced()
    {
        await Create("--operator", "alice");
        File.Delete(Path.Combine(_directory.Path, "ca-key.pem"));

        (await Create("--operator", "bob")).ShouldBe(ExitCode.Failed);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain("only one of ca.pem and ca-key.pem");
    }

    [Fact]
    public async Task Every_wrong_name_is_reported_and_nothing_is_written()
    {
        (await Create("--operator", "al,ice", "--agent", "hv=not a host", "--coordinator", "ok")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.Count.ShouldBe(2);
        _failback.ErrorLines[0].ShouldStartWith("--agent: \"hv=not a host\"");
        _failback.ErrorLines[1].ShouldStartWith("--operator: \"al,ice\"");
        Directory.GetFiles(_directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_an_error()
    {
        (await Create()).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldBe("No certificate requested; add one of --agent, --coordinator, --operator, --viewer.");
    }

    private Task<int> Create(params string[] arguments) => _failback.RunAsync(["certificates", "create", "--directory", _directory.Path, .. arguments]);

    private MutualTlsIdentity Load(string name) => MutualTlsIdentity.Load(
        new MutualTlsOptions
        {
            CertificatePath = Path.Combine(_directory.Path, $"{name}.pem"),
            PrivateKeyPath = Path.Combine(_directory.Path, $"{name}-key.pem"),
            AuthorityPath = Path.Combine(_directory.Path, "ca.pem"),
        },
        TimeProvider.System);
}
