using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

public sealed class WatchCampaignTests : CoordinatorTest
{
    [Fact]
    public async Task A_watcher_gets_a_snapshot_and_then_changes_with_growing_versions_to_the_end()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 2, "both items to run");

        var watching = Coordinator.WatchToEndAsync(campaign.Name);
        foreach (var operation in agent.Operations.Values)
        {
            operation.Advance(40);
            operation.Succeed();
        }

        var seen = await watching;
        var snapshot = seen.Updates.TakeWhile(update => update.Snapshot).Append(seen.Updates.First(update => !update.Snapshot)).ToList();
        snapshot.Sum(update => update.Items.Count).ShouldBe(2);
        snapshot[0].Campaign.Document.ShouldNotBeEmpty();
        seen.Updates.Skip(1).ShouldAllBe(update => update.Campaign == null || update.Campaign.Document.Length == 0);
        seen.Updates.Select(update => update.Version).ShouldBe(seen.Updates.Select(update => update.Version).Order());
        seen.Updates[^1].Campaign.State.ShouldBe(CampaignState.Completed);
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_holds_nobody_up_and_later_sees_the_end()
    {
        var agent = await AddAgentAsync("hv-west-01", [.. Enumerable.Range(1, 20).Select(number => $"vm-{number}")]);
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        using var slow = Coordinator.Campaigns.WatchCampaign(new WatchCampaignRequest { Name = campaign.Name });
        await slow.ResponseStream.MoveNext();

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        await Coordinator.WatchToEndAsync(campaign.Name);

        CampaignUpdate? last = null;
        await foreach (var update in slow.ResponseStream.ReadAllAsync())
        {
            last = update.Campaign is null ? last : update;
        }

        last.ShouldNotBeNull().Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(20);
    }

    [Fact]
    public async Task A_coordinator_that_stops_ends_the_stream_as_unavailable()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        using var watching = Coordinator.Campaigns.WatchCampaign(new WatchCampaignRequest { Name = campaign.Name });
        await watching.ResponseStream.MoveNext();

        var stopping = Coordinator.StopAsync();
        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () =>
        {
            while (await watching.ResponseStream.MoveNext())
            {
            }
        }));
        await stopping;

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
    }
}
