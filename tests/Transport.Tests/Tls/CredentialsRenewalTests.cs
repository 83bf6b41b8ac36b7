using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tests.Tls;

/// <summary>A renewal is new files in the place of the old ones; the process that runs takes them up.</summary>
public sealed class CredentialsRenewalTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly MutualTlsOptions _files;
    private readonly MutualTlsIdentity _agent;

    public CredentialsRenewalTests()
    {
        _files = _pki.Files(PeerRole.Agent, "hv-01", TimeSpan.FromHours(1));
        _agent = MutualTlsIdentity.Load(_files, _pki.Clock);
    }

    [Fact]
    public async Task Renewed_certificate_is_shown_to_the_next_connection()
    {
        await using var server = await SecuredServer.StartAsync(_agent);
        _pki.Files(PeerRole.Agent, "hv-01", TimeSpan.FromDays(5));
        server.LookAtFiles();
        _pki.Clock.Advance(TimeSpan.FromHours(2));

        await server.Client(_pki.Identity(PeerRole.Coordinator, "main")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        server.Log.Lines.ShouldHaveSingleItemWith(4010).Message.ShouldStartWith("New connections use the new certificate of failback://agent/hv-01, serial ");
    }

    [Fact]
    public async Task Channel_shows_the_renewed_certificate_to_the_next_server()
    {
        var operatorFiles = _pki.Files(PeerRole.Coordinator, "main", TimeSpan.FromHours(1));
        using var coordinator = MutualTlsIdentity.Load(operatorFiles, _pki.Clock);
        await using var own = await SecuredServer.StartAsync(coordinator);
        _pki.Files(PeerRole.Agent, "hv-01", TimeSpan.FromDays(5));
        await using var server = await SecuredServer.StartAsync(MutualTlsIdentity.Load(_files, _pki.Clock));
        var client = server.Client(coordinator);
        _pki.Files(PeerRole.Coordinator, "main", TimeSpan.FromDays(5));
        own.LookAtFiles();
        _pki.Clock.Advance(TimeSpan.FromHours(2));

        await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
    }

    [Fact]
    public async Task Stream_that_was_open_before_the_renewal_goes_on()
    {
        var renewed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = new ScriptedFailback
        {
            OnInitiate = async (responses, _) =>
            {
                await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
                await renewed.Task;
                await responses.WriteAsync(new FailbackProgress { Sequence = 2 });
            },
        };
        await using var server = await SecuredServer.StartAsync(_agent, service);
        using var call = server.Client(_pki.Identity(PeerRole.Coordinator, "main")).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();

        _pki.Files(PeerRole.Agent, "hv-01", TimeSpan.FromDays(5));
        server.LookAtFiles();
        renewed.SetResult();

        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        call.ResponseStream.Current.Sequence.ShouldBe(2);
    }

    [Fact]
    public async Task Half_of_a_renewal_keeps_the_former_pair_and_is_told_once_until_the_other_half_is_there()
    {
        await using var server = await SecuredServer.StartAsync(_agent);
        server.LookAtFiles();
        var former = _agent.Certificate.SerialNumber;
        var (certificate, key) = Elsewhere(PeerRole.Agent, "hv-01");
        File.Copy(certificate, _files.CertificatePath!, overwrite: true);

        server.LookAtFiles();
        server.LookAtFiles();

        _agent.Certificate.SerialNumber.ShouldBe(former);
        server.Log.Lines.ShouldHaveSingleItemWith(4011).Message.ShouldContain("does not hold the private key of the certificate");
        await server.Client(_pki.Identity(PeerRole.Coordinator, "main")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        File.Copy(key, _files.PrivateKeyPath!, overwrite: true);
        server.LookAtFiles();
        _agent.Certificate.SerialNumber.ShouldNotBe(former);
    }

    [Fact]
    public async Task Certificate_of_somebody_else_is_not_taken()
    {
        await using var server = await SecuredServer.StartAsync(_agent);
        var (certificate, key) = Elsewhere(PeerRole.Agent, "hv-02");
        File.Copy(certificate, _files.CertificatePath!, overwrite: true);
        File.Copy(key, _files.PrivateKeyPath!, overwrite: true);

        server.LookAtFiles();

        _agent.Peer.Name.ShouldBe("hv-01");
        server.Log.Lines.ShouldHaveSingleItemWith(4011).Message.ShouldContain("belongs to failback://agent/hv-02, but this process is failback://agent/hv-01");
    }

    [Fact]
    public async Task File_behind_a_link_that_is_exchanged_is_taken_up()
    {
        // As a certificate that is mounted or kept by generations: the path stays a link and leads to another file.
        var former = _agent.Certificate.SerialNumber;
        foreach (var file in (string[])[_files.CertificatePath!, _files.PrivateKeyPath!])
        {
            File.Move(file, file + ".1");
            File.CreateSymbolicLink(file, file + ".1");
        }

        await using var server = await SecuredServer.StartAsync(_agent);
        server.LookAtFiles();
        var (certificate, key) = Elsewhere(PeerRole.Agent, "hv-01");
        foreach (var (link, target) in (ReadOnlySpan<(string, string)>)[(_files.CertificatePath!, certificate), (_files.PrivateKeyPath!, key)])
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, target);
        }

        server.LookAtFiles();

        _agent.Certificate.SerialNumber.ShouldNotBe(former);
    }

    [Fact]
    public async Task New_authority_judges_the_next_connection()
    {
        using var other = new Pki("Other authority");
        await using var server = await SecuredServer.StartAsync(_agent);
        var stranger = other.Identity(PeerRole.Coordinator, "main", trusting: _pki);
        (await server.Client(stranger).FailureOfGetHostAsync()).Reason.ShouldBe(ConnectionReason.OwnCertificateRefused);

        File.AppendAllText(_files.AuthorityPath!, other.Authority.CertificatePem);
        server.LookAtFiles();

        await server.Client(stranger).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
    }

    [Fact]
    public async Task Old_certificate_is_told_at_three_quarters_of_its_life_and_at_its_end_each_once()
    {
        await using var server = await SecuredServer.StartAsync(_agent);
        _pki.Clock.Advance(TimeSpan.FromMinutes(43));
        server.LookAtFiles();
        server.Log.Lines.ShouldNotContain(line => line.EventId == 4012);

        _pki.Clock.Advance(TimeSpan.FromMinutes(2));
        server.LookAtFiles();
        server.LookAtFiles();
        server.Log.Lines.ShouldHaveSingleItemWith(4012).Level.ShouldBe(LogLevel.Warning);

        _pki.Clock.Advance(TimeSpan.FromMinutes(20));
        server.LookAtFiles();
        server.LookAtFiles();
        server.Log.Lines.ShouldHaveSingleItemWith(4013).Level.ShouldBe(LogLevel.Error);
    }

    public void Dispose()
    {
        _agent.Dispose();
        _pki.Dispose();
    }

    private (string Certificate, string Key) Elsewhere(PeerRole role, string name)
    {
        var files = _pki.Authority.Issue(role, name, TimeSpan.FromDays(5), ["localhost"]).WriteTo(_pki.PathOf("elsewhere"));
        return (files.CertificatePath!, files.PrivateKeyPath!);
    }
}
