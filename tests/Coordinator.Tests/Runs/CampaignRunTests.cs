using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Runs;

public sealed class CampaignRunTests : CoordinatorTest
{
    [Fact]
    public async Task A_campaign_runs_wave_by_wave_to_its_end_with_one_initiation_for_each_item()
    {
        var first = await AddAgentAsync("hv-west-01", "sql-01", "web-01", "web-02");
        var second = await AddAgentAsync("hv-west-02", "sql-02", "web-03");
        await StartCoordinatorAsync();

        var campaign = await Coordinator.CreateAsync(Yaml.Campaign(spec: ["waves:", "  - {name: databases, match: {vms: {names: ['sql-*']}}}", "  - {name: rest}"]));
        campaign.State.ShouldBe(CampaignState.Ready);
        campaign.Counts.Total.ShouldBe(5);
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        var end = await Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Campaign.Counts.Succeeded.ShouldBe(5);
        end.Campaign.Waves.Select(wave => (wave.Name, wave.State, wave.PercentComplete)).ShouldBe([("databases", WaveState.Done, 100), ("rest", WaveState.Done, 100)]);
        end.Items.Values.ShouldAllBe(item => item.State == ItemState.Succeeded && item.Attempt == 1 && item.PercentComplete == 100);
        first.Calls.Count.ShouldBe(3);
        second.Calls.Count.ShouldBe(2);
        first.Calls.First().VirtualMachineId.ShouldBe(first.Machines.Single(machine => machine.Name == "sql-01").Id);
    }

    [Fact]
    public async Task What_the_agent_is_told_ties_the_operation_to_campaign_item_and_epoch()
    {
        var agent = await AddAgentAsync("hv-west-01", "sql-01");
        await StartCoordinatorAsync();

        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: ["recoveryPoint: latest-application-consistent", "replicationSettings: {compressionEnabled: true}"]));
        var end = await Coordinator.WatchToEndAsync(campaign.Name);

        var call = agent.Calls.ShouldHaveSingleItem();
        var item = end.Item("sql-01");
        call.OperationId.ShouldBe(item.OperationId);
        call.Campaign.CampaignId.ShouldBe(campaign.Uid);
        item.Name.ShouldBe($"{campaign.Name}/items/{call.Campaign.ItemId}");
        call.Campaign.Attempt.ShouldBe(1);
        call.Campaign.Epoch.ShouldBeGreaterThan(0);
        call.RecoveryPoint.LatestApplicationConsistent.ShouldBeTrue();
        call.Overrides.CompressionEnabled.ShouldBeTrue();
        call.Overrides.HasRecoveryHistory.ShouldBeFalse();
    }

    [Fact]
    public async Task The_limits_hold_as_the_agents_see_it()
    {
        var names = Enumerable.Range(1, 6).Select(number => $"vm-{number}").ToArray();
        var first = await AddAgentAsync("hv-west-01", names);
        var second = await AddAgentAsync("hv-west-02", names);
        first.Holds = second.Holds = _ => true;
        await StartCoordinatorAsync();

        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {campaign: 3, host: 2}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 3, "three items to run");

        // Each end lets exactly one more in; the agents count what is open at once.
        while (Agents.SelectMany(agent => agent.Operations.Values).FirstOrDefault(operation => !operation.IsTerminal) is { } operation)
        {
            Agents.Sum(agent => agent.Operations.Values.Count(live => !live.IsTerminal)).ShouldBeLessThanOrEqualTo(3);
            operation.Succeed();
            var done = Agents.Sum(agent => agent.Operations.Values.Count(ended => ended.IsTerminal));
            var running = Math.Min(3, Agents.Sum(agent => Math.Min(2, 6 - agent.Operations.Values.Count(ended => ended.IsTerminal))));
            await Coordinator.WatchAsync(
                campaign.Name,
                watched => watched.Campaign.Counts.Succeeded == done && watched.Campaign.Counts.Running == running,
                $"{done} items to be done and {running} to run");
        }

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        first.Initiations.ShouldBe(6);
        second.Initiations.ShouldBe(6);
        first.Streams.Peak.ShouldBeLessThanOrEqualTo(2);
        second.Streams.Peak.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Pause_starts_nothing_and_leaves_what_runs_until_resume()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 1}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "one item to run");

        var paused = await Coordinator.Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name, Reason = "link is full" });
        paused.State.ShouldBe(CampaignState.Paused);
        paused.PauseCause.ShouldBe(PauseCause.Operator);
        agent.Operations.Values.Single().Succeed();
        var still = await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Succeeded == 1, "the running item to end");
        still.Campaign.State.ShouldBe(CampaignState.Paused);
        agent.Calls.Count.ShouldBe(1);

        await Coordinator.Campaigns.ResumeCampaignAsync(new ResumeCampaignRequest { Name = campaign.Name });
        agent.Holds = _ => false;
        await agent.UntilAsync(() => agent.Operations.Count == 2, "the second item to start");
        foreach (var operation in agent.Operations.Values.Where(operation => !operation.IsTerminal))
        {
            operation.Succeed();
        }

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
    }

    [Fact]
    public async Task Stop_watches_what_runs_to_its_end_and_starts_nothing_more()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 1}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "one item to run");

        (await Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name })).State.ShouldBe(CampaignState.Stopping);
        agent.Operations.Values.Single().Succeed();
        var end = await Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Stopped);
        end.Campaign.Counts.Succeeded.ShouldBe(1);
        agent.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_campaign_scheduled_for_later_waits_and_starts_by_itself()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());

        var start = TimeProvider.System.GetUtcNow().AddSeconds(2);
        var scheduled = await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest
        {
            Name = campaign.Name,
            StartTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(start),
        });
        scheduled.State.ShouldBe(CampaignState.Scheduled);
        agent.Calls.ShouldBeEmpty();

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        TimeProvider.System.GetUtcNow().ShouldBeGreaterThanOrEqualTo(start);
    }

    [Theory]
    [InlineData("wrong machine")]
    // An agent takes so much and no more, and is told who says it too.
    [InlineData(1024)]
    public async Task Cancel_of_an_item_needs_the_confirmation_and_then_ends_its_job(object why)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        var running = await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");
        var item = running.Item("vm-1").Name;

        var refusal = await Should.ThrowAsync<Grpc.Core.RpcException>(() => Coordinator.Campaigns.CancelItemAsync(new CancelItemRequest { Name = item }).ResponseAsync);
        Transport.RpcFailure.From(refusal).Reason.ShouldBe("CONFIRMATION_REQUIRED");
        agent.Operations.Values.Single().IsTerminal.ShouldBeFalse();

        await Coordinator.Campaigns.CancelItemAsync(new CancelItemRequest { Name = item, ConfirmPossibleDataLoss = true, Reason = why as string ?? new string('x', (int)why) });
        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.CompletedWithFailures);
        end.Item("vm-1").State.ShouldBe(ItemState.Cancelled);
    }

    [Fact]
    public async Task Retry_of_a_failed_item_reopens_the_campaign_under_a_new_operation()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = operation => { operation.Fail("FILE_NOT_FOUND", RetryClass.Never); return true; };
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        (await Coordinator.WatchToEndAsync(campaign.Name)).Item("vm-1").FailureReason.ShouldBe("FILE_NOT_FOUND");

        agent.Holds = _ => false;
        var retried = await Coordinator.Campaigns.RetryItemsAsync(new RetryItemsRequest { Name = campaign.Name });
        retried.Items.ShouldHaveSingleItem();
        var end = await Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Item("vm-1").Attempt.ShouldBe(2);
        agent.Calls.Select(call => call.OperationId).Distinct().Count().ShouldBe(2);
    }
}
