using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Dispatch;

public sealed class BrokenStreamTests : CoordinatorTest
{
    [Fact]
    public async Task A_stream_broken_midway_is_watched_again_without_a_second_initiation()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");

        agent.BreakStreams();
        var operation = agent.Operations.Values.Single();
        operation.Advance(77);
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Item("vm-1").PercentComplete == 77, "progress over the new stream");
        operation.Succeed();

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_agent_that_was_away_for_a_while_goes_on_where_it_was()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");

        await agent.StopAsync();
        var gone = await UntilHostAsync("hv-west-01", Reachability.Unreachable);
        gone.UnreachableReason.ShouldNotBeEmpty();
        agent.Operations.Values.Single().Succeed();
        await agent.StartAsync();

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        (await UntilHostAsync("hv-west-01", Reachability.Reachable)).UnreachableReason.ShouldBeEmpty();
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_after_the_agent_accepted_is_repeated_under_the_same_operation()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        var first = true;
        agent.Accepted = _ =>
        {
            if (first)
            {
                first = false;
                agent.BreakStreams();
            }
        };
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");
        agent.Operations.Values.Single().Succeed();

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(1);
        agent.Calls.Select(call => call.OperationId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_item_on_a_host_that_is_down_starts_when_the_host_comes_up()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        await agent.StopAsync();
        await UntilHostAsync("hv-west-01", Reachability.Unreachable);

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.State == CampaignState.Running, "the campaign to run");
        await agent.StartAsync();

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task An_agent_that_comes_back_with_another_journal_does_not_make_an_uncertain_delivery_a_failure()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = call => call.SentBefore is null
            ? throw new InvalidOperationException("the answer is lost")
            : new RpcFailure(StatusCode.FailedPrecondition, "JOURNAL_LOST", "the journal was replaced");
        var other = await AddAgentAsync("hv-west-02", "vm-2");
        other.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "tolerance: {failures: 10}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts is { UnknownOutcome: 1, Running: 1 }, "the outcome to be unknown");
        agent.JournalId = Guid.NewGuid();
        agent.Watches.Clear();

        await agent.StopAsync();
        await UntilHostAsync("hv-west-01", Reachability.Unreachable);
        await agent.StartAsync();
        await UntilHostAsync("hv-west-01", Reachability.Reachable);
        await agent.UntilAsync(() => !agent.Watches.IsEmpty, "the operation to be asked for");

        agent.Watches.First().SentBefore.ShouldBe(agent.Calls.Last().SentBefore);
        other.Operations.Values.Single().Succeed();
        (await Coordinator.WatchToEndAsync(campaign.Name)).Item("vm-1").State.ShouldBe(ItemState.UnknownOutcome);
        agent.Initiations.ShouldBe(0);
    }
}
