using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Runs;

/// <summary>Two copies of one machine on two hosts: whatever becomes of campaigns, coordinators and hosts, one of them goes home.</summary>
public sealed class CopiesTests : CoordinatorTest
{
    [Fact]
    public async Task Campaign_that_selects_both_copies_takes_none_and_says_how_to_name_one()
    {
        var (west, south) = await AddCopiesAsync();
        await StartCoordinatorAsync();

        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.CreateAsync(Yaml.Campaign())));

        refused.Reason.ShouldBe("NO_ITEMS");
        refused.Message.ShouldContain("name its host");
        (west.Initiations + south.Initiations).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copy_that_was_left_behind_is_refused_after_the_other_went_home_also_when_its_host_is_out_of_reach(bool restart)
    {
        var (west, south) = await AddCopiesAsync();
        await StartCoordinatorAsync();
        var one = await Coordinator.CreateAndStartAsync(On("one", "hv-west-01"));
        (await Coordinator.WatchToEndAsync(one.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        await west.StopAsync();
        if (restart)
        {
            await Coordinator.StopAsync();
            await Coordinator.StartAsync();
        }

        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.CreateAsync(On("two", "hv-west-02"))));

        refused.Message.ShouldContain("OTHER_COPY_FAILED_BACK: its copy on hv-west-01 was failed back by campaigns/one");
        south.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Campaign_that_was_planned_before_the_other_copy_went_home_holds_its_item_not_ready_and_then_leaves_it_out()
    {
        var (_, south) = await AddCopiesAsync();
        await StartCoordinatorAsync();
        var two = await Coordinator.CreateAsync(On("two", "hv-west-02"));
        var one = await Coordinator.CreateAndStartAsync(On("one", "hv-west-01"));
        await Coordinator.WatchToEndAsync(one.Name);

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = two.Name });
        var held = await Coordinator.WatchAsync(two.Name, watched => watched.Items.Values.Any(item => item.State is ItemState.NotReady or ItemState.Skipped), "the item to be held");

        held.Item("sql-01").Explanation.ShouldContain("OTHER_COPY_FAILED_BACK");
        var end = await Coordinator.WatchToEndAsync(two.Name);
        end.Item("sql-01").State.ShouldBe(ItemState.Skipped);
        end.Campaign.State.ShouldBe(CampaignState.CompletedWithFailures);
        south.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Copy_waits_while_the_other_is_under_way_and_goes_when_that_has_failed()
    {
        var (west, south) = await AddCopiesAsync();
        west.Holds = _ => true;
        await StartCoordinatorAsync();
        var two = await Coordinator.CreateAsync(On("two", "hv-west-02"));
        var one = await Coordinator.CreateAndStartAsync(On("one", "hv-west-01"));
        await Coordinator.WatchAsync(one.Name, watched => watched.Campaign.Counts.Running == 1, "the first copy to run");

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = two.Name });
        await Coordinator.WatchAsync(two.Name, watched => watched.Items.Values.Any(item => item.State == ItemState.NotReady), "the second copy to be held");
        south.Initiations.ShouldBe(0);
        west.Operation("sql-01").Record(ProgressKind.Concluded, OperationState.Failed, new Outcome { State = OperationState.Failed, Basis = OutcomeBasis.Job, Failure = new Failure { Reason = "JOB_FAILED", Message = "it failed" } });

        (await Coordinator.WatchToEndAsync(two.Name)).Item("sql-01").State.ShouldBe(ItemState.Succeeded);
        south.Initiations.ShouldBe(1);
    }

    private static string On(string name, string host) => Yaml.Campaign(name).Replace("{hosts: {site: west}}", $"{{host: {host}}}", StringComparison.Ordinal);

    private async Task<(FakeAgent West, FakeAgent South)> AddCopiesAsync()
    {
        var (west, south) = (await AddAgentAsync("hv-west-01", "sql-01"), await AddAgentAsync("hv-west-02", "sql-01"));
        south.Machines[0].Id = west.Machines[0].Id;
        foreach (var agent in new[] { west, south })
        {
            agent.Machines[0].ReplicationMode = ReplicationMode.Replica;
        }

        return (west, south);
    }
}
