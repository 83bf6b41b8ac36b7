using System.Globalization;
using HostAgent.Agent;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.Coordinator.Tests.Runs;

/// <summary>The coordinator over real agents, whose hosts are simulated and count for themselves what they were asked to begin.</summary>
public sealed class RealAgentTests : IAsyncLifetime
{
    private readonly Pki _pki = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("agents-");
    private readonly Dictionary<string, WebApplication> _agents = [];
    private readonly Estate _estate = EstateGenerator.Generate(hosts: 2, virtualMachinesPerHost: 3, seed: 7);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents.Values)
        {
            await agent.DisposeAsync();
        }

        _pki.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_campaign_over_simulated_hosts_completes_with_one_initiation_for_each_item_though_everybody_restarts()
    {
        var speed = _estate.SpeedFor(TimeSpan.FromSeconds(6), concurrentPerHost: 2);
        foreach (var host in _estate.Hosts)
        {
            _agents[host.Name] = await StartAgentAsync(host.Name, "127.0.0.1:0", speed);
        }

        await using var coordinator = await new TestCoordinator(_pki, _agents.Select(agent => (agent.Key, agent.Value.Urls.Single()))).StartAsync();
        var campaign = await coordinator.CreateAsync(Yaml.Campaign(spec: "limits: {host: 2}"));
        campaign.Counts.Total.ShouldBe(6);
        await coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        await coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running > 0, "items to run");

        await coordinator.StopAsync();
        var first = _estate.Hosts[0].Name;
        var address = new Uri(_agents[first].Urls.Single()).Authority;
        await _agents[first].DisposeAsync();
        _agents[first] = await StartAgentAsync(first, address, speed);
        await coordinator.StartAsync();

        var end = await coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed);
        foreach (var host in _estate.Hosts)
        {
            var managed = await coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = $"hosts/{host.Name}" });
            managed.Agent.SimulatedInitiations.ShouldBe(3);
        }
    }

    private async Task<WebApplication> StartAgentAsync(string host, string listen, double speed)
    {
        var estate = Path.Combine(_directory.FullName, "estate.yaml");
        await File.WriteAllTextAsync(estate, EstateDocument.Write(_estate));
        var files = _pki.Files(PeerRole.Agent, host);
        var agent = await AgentApplication.CreateAsync(
        [
            "--listen", listen, "--data", Path.Combine(_directory.FullName, host), "--simulate", estate, "--host", host,
            "--speed", speed.ToString("R", CultureInfo.InvariantCulture), "--max-concurrent-failbacks", "2",
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
            "--Logging:LogLevel:Default", "None",
        ]);
        await agent.StartAsync();
        return agent;
    }
}
