using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>Processes are killed without warning in the middle of a campaign; nothing may be done twice, nothing lost.</summary>
public sealed class KillTests
{
    private const int Hosts = 4;
    private const int MachinesPerHost = 5;
    private const int Items = Hosts * MachinesPerHost;

    private const string Document = """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: under-fire}
        spec:
          targets: [{hosts: {}}]
          strategy: initiate-failback
          waves:
            - {name: canary, take: 2}
            - {name: rest}
          limits: {campaign: 8, host: 2}
          retry: {attempts: 20, initial: 1s, factor: 1, max: 1s}
          timeouts: {unreachable: 5m}
        """;

    [Fact]
    public async Task Coordinator_then_two_agents_killed_the_campaign_completes_with_one_initiation_an_item()
    {
        var estate = EstateGenerator.Generate(Hosts, MachinesPerHost, seed: 11);
        await using var cluster = await Cluster.StartAsync(estate, speed: 600);
        var campaign = await cluster.Campaigns.CreateCampaignAsync(new() { Document = new() { Text = Document, Source = "under-fire.yaml" } });
        await cluster.Campaigns.StartCampaignAsync(new() { Name = campaign.Name });

        await WatchUntilAsync(cluster, campaign.Name, counts => counts.Succeeded >= 3 && counts.Running > 0);
        await cluster.Coordinator.KillAsync();
        await cluster.Coordinator.StartAgainAsync();

        await WatchUntilAsync(cluster, campaign.Name, counts => counts.Succeeded >= 8 && counts.Running > 0);
        var victims = cluster.Agents.Values.Take(2).ToList();
        await Task.WhenAll(victims.Select(agent => agent.KillAsync()));
        await Task.WhenAll(victims.Select(agent => agent.StartAgainAsync()));

        var end = await WatchUntilAsync(cluster, campaign.Name, _ => false);
        end.State.ShouldBe(CampaignState.Completed, end.Explanation);
        end.Counts.Succeeded.ShouldBe(Items);
        (await cluster.CountInitiationsAsync()).ShouldBe(Items);
    }

    /// <summary>Follows the campaign until its counts are as wanted, or to its end.</summary>
    private static async Task<Campaign> WatchUntilAsync(Cluster cluster, string name, Func<ItemCounts, bool> reached)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(3));
        Campaign? last = null;
        using var watch = cluster.Campaigns.WatchCampaign(new() { Name = name }, cancellationToken: deadline.Token);
        await foreach (var update in watch.ResponseStream.ReadAllAsync(deadline.Token))
        {
            last = update.Campaign ?? last;
            if (last is not null && reached(last.Counts))
            {
                return last;
            }
        }

        return last ?? throw new InvalidOperationException("The watch ended without a word about the campaign.");
    }
}
