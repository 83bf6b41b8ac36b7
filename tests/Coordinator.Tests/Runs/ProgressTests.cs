using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Runs;

public sealed class ProgressTests : CoordinatorTest
{
    [Fact]
    public async Task A_percentage_goes_back_only_with_the_event_that_says_why()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");

        agent.Operation("vm-1").Advance(60);
        await UntilAsync(campaign, 60);
        agent.Operation("vm-1").Advance(40);
        var back = await UntilAsync(campaign, 40);
        back.Explanation.ShouldBe("The host's progress has gone back from 60% to 40%.");
        agent.Operation("vm-1").Advance(50);
        await UntilAsync(campaign, 50);

        var events = await Coordinator.Get<IEventStore>().LoadAsync(Guid.Parse(campaign.Uid), 0, default).Select(stored => stored.Type).ToListAsync();
        events.Count(type => type == "item-progress-went-back").ShouldBe(1);
    }

    [Fact]
    public async Task What_the_hosts_said_last_is_shown_after_a_restart_before_they_say_more()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");
        agent.Operation("vm-1").Advance(60);
        await UntilAsync(campaign, 60);

        await Coordinator.StopAsync();
        await agent.StopAsync();
        await Coordinator.StartAsync();

        var item = (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name })).Items.ShouldHaveSingleItem();
        (item.PercentComplete, item.Explanation).ShouldBe((60, "60% is the last stored value; the host has not reported since the coordinator started."));
        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).Waves[0].PercentComplete.ShouldBe(60);
    }

    [Fact]
    public async Task What_is_shown_after_a_restart_is_the_hosts_own_word_once_it_is_heard()
    {
        var (agent, campaign) = await RunningAsync();
        agent.Operation("vm-1").Advance(60);
        await UntilAsync(campaign, 60);

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        await Coordinator.WatchAsync(campaign.Name, watched => watched.Items.Values.Single() is { PercentComplete: 60, Explanation.Length: 0 }, "the host's own word");
    }

    [Theory]
    [InlineData(OperationState.Failed, ItemState.Failed)]
    [InlineData(OperationState.UnknownOutcome, ItemState.UnknownOutcome)]
    public async Task How_far_an_attempt_was_when_it_ended_is_known_after_a_restart(OperationState ended, ItemState state)
    {
        var (agent, campaign) = await RunningAsync();
        agent.Operation("vm-1").Advance(38);
        await UntilAsync(campaign, 38);
        if (ended == OperationState.Failed)
        {
            agent.Operation("vm-1").Fail("FILE_NOT_FOUND", RetryClass.Never);
        }
        else
        {
            agent.Operation("vm-1").Record(ProgressKind.Concluded, ended, new Outcome { State = ended, Basis = OutcomeBasis.None, Explanation = "the job is gone" });
        }

        await Coordinator.WatchToEndAsync(campaign.Name);
        Coordinator.KeepOnlyWhatIsDurableNow();
        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        var item = (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name })).Items.ShouldHaveSingleItem();
        (item.State, item.HasPercentComplete, item.PercentComplete).ShouldBe((state, true, 38));
    }

    private async Task<(FakeAgent Agent, Campaign Campaign)> RunningAsync()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");
        return (agent, campaign);
    }

    private async Task<Item> UntilAsync(Campaign campaign, int percent) =>
        (await Coordinator.WatchAsync(campaign.Name, watched => watched.Items.Values.Single().PercentComplete == percent, $"{percent} %")).Items.Values.Single();
}
