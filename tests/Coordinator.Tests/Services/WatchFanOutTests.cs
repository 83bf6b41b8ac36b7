using System.Diagnostics.Metrics;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Services;

public sealed class WatchFanOutTests : CoordinatorTest
{
    private const int MachinesPerHost = 500;
    private const int Items = 2 * MachinesPerHost;

    [Fact]
    public async Task A_thousand_items_run_while_one_watcher_never_reads_and_fifty_do_and_each_is_told_the_end()
    {
        foreach (var host in (string[])["hv-west-01", "hv-west-02"])
        {
            await AddAgentAsync(host, [.. Enumerable.Range(1, MachinesPerHost).Select(number => $"vm-{number}")]);
        }

        await StartCoordinatorAsync();
        using var counted = new Counted(Coordinator.Get<IMeterFactory>());
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign(spec: "limits: {host: 50}"));
        using var deaf = Coordinator.Campaigns.WatchCampaign(new WatchCampaignRequest { Name = campaign.Name });
        await deaf.ResponseHeadersAsync;
        var readers = Enumerable.Range(0, 50).Select(_ => Coordinator.WatchToEndAsync(campaign.Name)).ToList();

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });

        foreach (var seen in await Task.WhenAll(readers))
        {
            seen.Campaign.State.ShouldBe(CampaignState.Completed);
            seen.Items.Count.ShouldBe(Items);
            seen.Items.Values.ShouldAllBe(item => item.State == ItemState.Succeeded);
        }

        Agents.Sum(agent => agent.Initiations).ShouldBe(Items);

        // Only now the deaf one begins to read: what it missed was merged, and it is told so.
        var late = new Watched();
        await foreach (var update in deaf.ResponseStream.ReadAllAsync())
        {
            late.Take(update);
        }

        late.Campaign.State.ShouldBe(CampaignState.Completed);
        late.Items.Values.Count(item => item.State == ItemState.Succeeded).ShouldBe(Items);
        late.Updates[^1].Skipped.ShouldBeGreaterThan(0);
        late.Updates.Count.ShouldBeLessThan(Items);

        // Each item has at least three events of its own; what happens at the same time shares a transaction.
        counted["coordinator.store.events"].ShouldBeGreaterThan(3 * Items);
        counted["coordinator.store.commits"].ShouldBeLessThan(counted["coordinator.store.events"] / 3);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{counted["coordinator.store.events"]} events, {counted["coordinator.store.writes"]} writes, {counted["coordinator.store.commits"]} commits; deaf: {late.Updates.Count} updates, {late.Updates[^1].Skipped} skipped");
    }
}
