using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>Two coordinators on copies of one store: the one that came first goes on, the other stands still and says why, until the first is gone.</summary>
public sealed class CopiedStoreTests
{
    private const int Machines = 8;

    private const string Document = """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: copied}
        spec:
          targets: [{hosts: {}}]
          limits: {campaign: 2, host: 1}
          retry: {attempts: 20, initial: 1s, factor: 1, max: 1s}
        """;

    [Fact]
    public async Task Younger_coordinator_on_a_copy_is_blocked_until_the_elder_is_gone_and_no_limit_is_exceeded()
    {
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(2, Machines / 2, seed: 3), speed: 300);
        var campaign = await cluster.Campaigns.CreateCampaignAsync(new() { Document = new() { Text = Document } });
        await cluster.Campaigns.StartCampaignAsync(new() { Name = campaign.Name });
        await UntilAsync(cluster.Campaigns, seen => seen.Counts.Succeeded >= 1 && seen.Counts.Running > 0);

        await using var copy = await cluster.StartCopyOfCoordinatorAsync();
        var younger = cluster.CampaignsAt(copy);
        var blocked = await UntilAsync(younger, seen => seen.State == CampaignState.Blocked);
        blocked.Explanation.ShouldContain("Two coordinator processes act for campaign");
        (await cluster.Campaigns.GetCampaignAsync(new() { Name = campaign.Name })).State.ShouldNotBe(CampaignState.Blocked, "the elder goes on");

        await cluster.Coordinator.KillAsync();
        var end = await UntilAsync(younger, _ => false);
        end.State.ShouldBe(CampaignState.Completed, end.Explanation);
        (await cluster.CountInitiationsAsync()).ShouldBe(Machines);
    }

    private static async Task<Campaign> UntilAsync(Contracts.Campaigns.V1.Campaigns.CampaignsClient campaigns, Func<Campaign, bool> reached)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(3));
        Campaign? last = null;
        using var watch = campaigns.WatchCampaign(new() { Name = "campaigns/copied" }, cancellationToken: deadline.Token);
        await foreach (var update in watch.ResponseStream.ReadAllAsync(deadline.Token))
        {
            last = update.Campaign ?? last;
            if (last is not null && reached(last))
            {
                return last;
            }
        }

        return last.ShouldNotBeNull();
    }
}
