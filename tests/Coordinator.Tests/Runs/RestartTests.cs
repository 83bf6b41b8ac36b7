using Dapper;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Hosting;
using HostAgent.Transport;
using Microsoft.Data.Sqlite;
using CampaignState = HostAgent.Contracts.Campaigns.V1.CampaignState;

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
    public async Task A_campaign_whose_take_up_failed_says_so_is_answered_for_as_unavailable_and_is_taken_up_when_the_store_takes_writes_again()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");
        await Coordinator.StopAsync();

        // A store that takes nothing, as one on a full disk does.
        await ExecuteAsync("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        await Coordinator.StartAsync();

        var blocked = await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name });
        blocked.State.ShouldBe(CampaignState.Blocked);
        blocked.Explanation.ShouldContain("the disk is full");
        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name })));
        (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.Unavailable, "NOT_TAKEN_UP"));
        refused.RetryDelay.ShouldNotBeNull();

        // Without anybody asking for it.
        await ExecuteAsync("DROP TRIGGER full");
        agent.Operations.Values.Single().Succeed();
        using var deadline = new CancellationTokenSource(Limits.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).State != CampaignState.Completed)
        {
            await look.WaitForNextTickAsync(deadline.Token);
        }

        agent.Initiations.ShouldBe(1);

        async Task ExecuteAsync(string sql)
        {
            await using var store = new SqliteConnection($"Data Source={Coordinator.StoreFile};Pooling=False");
            await store.ExecuteAsync(sql);
        }
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
    public async Task A_scheduled_campaign_starts_at_its_time_although_the_coordinator_was_started_again()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var start = TimeProvider.System.GetUtcNow().AddSeconds(3);
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name, StartTime = Timestamp.FromDateTimeOffset(start) });

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Operations.Values.Single().After(0)[0].EventTime.ToDateTimeOffset().ShouldBeGreaterThanOrEqualTo(start);
    }

    [Fact]
    public async Task A_run_that_finds_that_somebody_else_has_written_reads_the_campaign_again_and_goes_on()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 1}"));
        var running = await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "one item to run");

        var foreign = CampaignEventCodec.Write(new EpochAdvanced(41) { At = TimeProvider.System.GetUtcNow() });
        await Coordinator.Get<IEventStore>().AppendAsync(new StreamAppend(
            Guid.Parse(campaign.Uid), running.Campaign.Version, [new NewEvent(TimeProvider.System.GetUtcNow(), "epoch-advanced", foreign)], [], null));
        agent.Holds = _ => false;
        agent.Operations.Values.Single().Succeed();

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Calls.Count.ShouldBe(2);
        agent.Calls.Last().Campaign.Epoch.ShouldBe(42);
    }

    [Fact]
    public async Task A_command_that_meets_a_foreign_write_is_unavailable_and_has_not_happened()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var foreign = CampaignEventCodec.Write(new EpochAdvanced(41) { At = TimeProvider.System.GetUtcNow() });
        await Coordinator.Get<IEventStore>().AppendAsync(new StreamAppend(
            Guid.Parse(campaign.Uid), campaign.Version, [new NewEvent(TimeProvider.System.GetUtcNow(), "epoch-advanced", foreign)], [], null));

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(
            () => Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name }).ResponseAsync));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.Unavailable, "NOT_OWNER"));
        failure.RetryDelay.ShouldNotBeNull();
        (await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name })).State.ShouldBe(CampaignState.Running);
    }

    [Fact]
    public async Task A_second_coordinator_on_the_same_data_is_refused()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();

        var refusal = await Should.ThrowAsync<StartException>(() => Coordinator.StartSecondAsync());

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
