using System.Net;
using HostAgent.Agent;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.EndToEnd.Tests.Peers;

/// <summary>One whole agent on a simulated host, configured as its own process is, for peers in other languages to talk to.</summary>
internal sealed class SimulatedAgent : IAsyncDisposable
{
    private const double Speed = 1000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failback-peers-");
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("peers", TimeProvider.System);
    private WebApplication? _application;

    private SimulatedAgent(Estate estate) => Host = estate.Hosts.Single();

    /// <summary>The host as it was described before anything happened.</summary>
    public SimulatedHostDescription Host { get; }

    /// <summary>Where the agent listens.</summary>
    public Uri Address => new(_application!.Urls.Single());

    /// <summary>Starts an agent on a host of three machines that may all go back.</summary>
    public static async Task<SimulatedAgent> StartAsync()
    {
        var estate = EstateGenerator.Generate(hosts: 1, virtualMachinesPerHost: 3, seed: 7);
        var agent = new SimulatedAgent(estate);
        try
        {
            await agent.StartAsync(EstateDocument.Write(estate));
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Certificate files for a peer of the agent.</summary>
    public MutualTlsOptions Issue(PeerRole role, string name)
        => _authority.Issue(role, name, TimeSpan.FromHours(1), ["localhost"], [IPAddress.Loopback]).WriteTo(Path.Combine(_directory.FullName, "certificates"));

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task StartAsync(string document)
    {
        var estateFile = Path.Combine(_directory.FullName, "estate.yaml");
        await File.WriteAllTextAsync(estateFile, document, TestContext.Current.CancellationToken);
        var files = Issue(PeerRole.Agent, Host.Name);
        _application = await AgentApplication.CreateAsync(
        [
            "--listen", "127.0.0.1:0", "--data", Path.Combine(_directory.FullName, "data"),
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
            "--simulate", estateFile, "--host", Host.Name, "--speed", $"{Speed:R}", "--Logging:LogLevel:Default", "Warning",
        ]);
        await _application.StartAsync(TestContext.Current.CancellationToken);
    }
}
