using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Runs;

public sealed class RestartTests : CoordinatorTest
{
    [Fact]
    public async Task A_coordinator_started_again_on_the_same_data_completes_with_the_same_operations()
    {
        var names = Enumerable.Range(1, 6).Select(number => $"vm-{number}").ToArray();
        var first = await AddAgentAsync("hv-west-01", names);
        var second = await AddAgentAsync("hv-west-02", names);
        first.Holds = second.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 2}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 4, "four items to run");
        var before = Agents.SelectMany(agent => agent.Operations.Keys).Order().ToList();

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        var taken = await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 4, "the campaign to be taken up");
        taken.Campaign.State.ShouldBe(CampaignState.Running);
        Agents.SelectMany(agent => agent.Operations.Keys).Order().ShouldBe(before);
        first.Holds = second.Holds = _ => false;
        foreach (var operation in Agents.SelectMany(agent => agent.Operations.Values).ToList())
        {
            operation.Succeed();
        }

        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Items.Values.ShouldAllBe(item => item.Attempt == 1);
        first.Initiations.ShouldBe(6);
        second.Initiations.ShouldBe(6);
    }

    [Fact]
    public async Task An_operation_that_ended_while_no_coordinator_was_there_is_counted_once_it_is_back()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");

        await Coordinator.StopAsync();
        agent.Operations.Values.Single().Succeed();
        await Coordinator.StartAsync();

        (await Coordinator.WatchToEndAsync(campaign.Name)).Item("vm-1").State.ShouldBe(ItemState.Succeeded);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task A_coordinator_killed_between_the_intent_and_the_answer_asks_for_the_same_operation_again()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Accepted = _ =>
        {
            if (agent.Calls.Count == 1)
            {
                Coordinator.KeepOnlyWhatIsDurableNow();
            }
        };
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchToEndAsync(campaign.Name);

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(1);
        agent.Calls.Select(call => call.OperationId).Distinct().ShouldHaveSingleItem().ShouldBe(end.Item("vm-1").OperationId);
    }

    [Fact]
    public async Task A_second_coordinator_on_the_same_data_is_refused()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();

        var refusal = await Should.ThrowAsync<CoordinatorStartException>(() => Coordinator.StartSecondAsync());

        refusal.Lines.ShouldHaveSingleItem().ShouldContain("another coordinator");
    }

    [Fact]
    public async Task A_new_owner_calls_with_a_higher_epoch()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 1}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "one item to run");

        await Coordinator.StopAsync();
        agent.Holds = _ => false;
        agent.Operations.Values.Single().Succeed();
        await Coordinator.StartAsync();
        await Coordinator.WatchToEndAsync(campaign.Name);

        var epochs = agent.Calls.Select(call => call.Campaign.Epoch).ToList();
        epochs.Count.ShouldBe(2);
        epochs[1].ShouldBeGreaterThan(epochs[0]);
    }

    [Fact]
    public async Task A_terminal_campaign_is_still_shown_after_a_restart()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        var end = await Coordinator.WatchToEndAsync(campaign.Name);

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        var shown = await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name });
        shown.State.ShouldBe(CampaignState.Completed);
        shown.Document.ShouldBe(Yaml.Campaign());
        (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name })).Items.ShouldBe(end.Items.Values);
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.Version.ShouldBe(shown.Version);
    }
}
