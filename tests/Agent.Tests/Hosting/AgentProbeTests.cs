using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Tests.Support;
using HostAgent.Hosting;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;

namespace HostAgent.Agent.Tests.Hosting;

/// <summary>The agent's word for service managers: asked through its own port, with its own certificate.</summary>
public sealed class AgentProbeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("test authority", TimeProvider.System);
    private readonly string[] _settings;

    public AgentProbeTests()
    {
        var files = _authority.Issue(PeerRole.Agent, "hv-west-01", TimeSpan.FromDays(1), ["localhost"], [IPAddress.Loopback]).WriteTo(_directory.Combine("pki"));
        var estate = _directory.Combine("estate.yaml");
        File.WriteAllText(estate, EstateDocument.Write(EstateGenerator.Generate(1, 2, 7)));
        _settings =
        [
            "--data", _directory.Combine("data"), "--simulate", estate, "--host", "hv-west-01", "--Logging:LogLevel:Default", "Critical",
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
        ];
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Agent_that_listens_serves()
    {
        await using var application = await AgentApplication.CreateAsync(["--listen", "127.0.0.1:0", .. _settings]);
        await application.StartAsync();
        var port = new Uri(application.Urls.Single()).Port;

        // An agent that listens on all addresses is asked on the loopback one.
        var (serves, line) = await AgentProbe.AskAsync(["--listen", $"0.0.0.0:{port}", .. _settings], TimeProvider.System);

        serves.ShouldBeTrue(line);
        line.ShouldBe($"Agent hv-west-01 at https://127.0.0.1:{port}/ serves.");
        await application.StopAsync();
    }

    [Fact]
    public async Task Port_that_nobody_listens_on_is_said_in_one_line()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)taken.LocalEndPoint!;

        var (serves, line) = await AgentProbe.AskAsync(["--listen", address.ToString(), .. _settings], TimeProvider.System);

        serves.ShouldBeFalse();
        line.ShouldStartWith($"Agent hv-west-01 at https://{address}/ does not answer: ");
        line.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Port_that_only_the_agent_knows_is_refused()
        => (await Should.ThrowAsync<StartException>(() => AgentProbe.AskAsync(["--listen", "127.0.0.1:0", .. _settings], TimeProvider.System)))
            .Lines.ShouldHaveSingleItem().ShouldContain("a port from 1 to 65535");
}
