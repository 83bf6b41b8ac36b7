using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using DrillsClient = HostAgent.Contracts.Campaigns.V1.Drills.DrillsClient;

namespace HostAgent.Coordinator.Tests.Drills;

/// <summary>Campaigns that test replicas, through real agents. However a test ends, nothing of it is left and the replica is as before.</summary>
public sealed class CampaignDrillTests
{
    private const string Test = "strategy: {name: test-failover, verify: {heartbeat: 10s}}";
    private const string TestForLong = "strategy: {name: test-failover, soak: 24h}";

    private static readonly SimulatedVirtualMachineDescription Primary = ReturnStage.Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running };
    private static readonly SimulatedVirtualMachineDescription Replica = ReturnStage.Machine with { State = ReplicationState.Replicating };

    [Fact]
    public async Task Replica_that_boots_succeeds_and_the_machine_is_free_for_the_next_test()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        foreach (var name in new[] { "first", "second" })
        {
            var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(name, Test));
            var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
            (end.Campaign.State, end.Item("sql-01").State, end.Item("sql-01").Host).ShouldBe((CampaignState.Completed, ItemState.Succeeded, ReturnStage.Recovery), end.Item("sql-01").Explanation);
            end.Item("sql-01").Explanation.ShouldStartWith("It has come up: ");
        }

        await ShouldBeAsBeforeAsync(stage);
        var drills = (await stage.Drills().ListDrillsAsync(new ListDrillsRequest())).Drills;
        drills.Select(drill => (drill.State, drill.CreatedBy)).ShouldBe([(DrillState.Passed, "dr-lead"), (DrillState.Passed, "dr-lead")]);
    }

    [Fact]
    public async Task Replica_that_does_not_boot_fails_with_what_was_seen_and_is_cleaned_up()
    {
        await using var stage = await ReturnStage.StartAsync(Replica with { Guest = new() { BootFails = true } }, Primary);
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: Test));

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        (end.Campaign.State, end.Item("sql-01").State, end.Item("sql-01").FailureReason, end.Item("sql-01").Attempt).ShouldBe((CampaignState.CompletedWithFailures, ItemState.Failed, "TEST_FAILED", 1));
        end.Item("sql-01").Explanation.ShouldContain("the guest has not answered yet");
        await ShouldBeAsBeforeAsync(stage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Test_that_is_cancelled_or_whose_campaign_is_stopped_removes_what_it_has_made(bool stop)
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: TestForLong));
        await SoaksAsync(stage);

        if (stop)
        {
            await stage.Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name, Reason = "the hosts are needed" });
        }
        else
        {
            await stage.Coordinator.Campaigns.CancelItemAsync(new CancelItemRequest { Name = $"{campaign.Name}/items/{ReturnStage.Machine.Id:D}", Reason = "the host is needed" });
        }

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        // It had passed, and was only left running.
        end.Item("sql-01").State.ShouldBe(ItemState.Succeeded, end.Item("sql-01").Explanation);
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task Test_that_is_cancelled_before_its_guest_answers_is_cancelled_and_removes_what_it_has_made()
    {
        await using var stage = await ReturnStage.StartAsync(Replica with { Guest = new() { BootFails = true } }, Primary);
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "strategy: test-failover"));
        await UntilAsync(stage, drill => drill.Step is { Kind: "VERIFY_GUEST" });

        await stage.Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name, Reason = "the hosts are needed" });

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        (end.Item("sql-01").State, end.Item("sql-01").Explanation).ShouldBe((ItemState.Cancelled, "Ended early. What was made is removed."));
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task Report_of_a_campaign_that_tests_is_evidence_and_names_what_was_verified_and_how()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "strategy: {name: test-failover, proof: {validFor: 7d}}"));
        await stage.Coordinator.WatchToEndAsync(campaign.Name);

        using var json = System.Text.Json.JsonDocument.Parse(await ReportAsync(stage, campaign.Name, ReportFormat.Json));
        var test = json.RootElement.GetProperty("items")[0].GetProperty("test");
        (test.GetProperty("passed").GetBoolean(), test.GetProperty("isolation").GetString(), test.GetProperty("tested_by").GetString(), test.GetProperty("verified")[0].GetString())
            .ShouldBe((true, "NO_NETWORK", "dr-lead", "heartbeat"));
        (test.GetProperty("valid_until").GetDateTimeOffset() - test.GetProperty("verdict_time").GetDateTimeOffset()).ShouldBe(TimeSpan.FromDays(7));
        test.GetProperty("replica_time").GetDateTimeOffset().ShouldBeLessThan(test.GetProperty("verdict_time").GetDateTimeOffset());

        var csv = (await ReportAsync(stage, campaign.Name, ReportFormat.Csv)).Split("\r\n");
        csv[0].ShouldEndWith(",test_passed,test_time,valid_until,replica_time,isolation,virtual_switch,verified,took_seconds,tested_by,drill");
        csv[1].ShouldContain(",NO_NETWORK,,heartbeat,");
        (await ReportAsync(stage, campaign.Name, ReportFormat.Html)).ShouldContain("Evidence (1 of 1 replicas boot)");
    }

    [Fact]
    public async Task Campaign_goes_on_with_its_tests_after_the_coordinator_was_restarted()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: TestForLong));
        await SoaksAsync(stage);
        await stage.Coordinator.StopAsync();
        await stage.StartCoordinatorAsync();

        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the test to go on");
        await stage.Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name, Reason = "seen enough" });
        (await stage.Coordinator.WatchToEndAsync(campaign.Name)).Item("sql-01").State.ShouldBe(ItemState.Succeeded);

        (await stage.Drills().ListDrillsAsync(new ListDrillsRequest())).Drills.Count.ShouldBe(1);
        await ShouldBeAsBeforeAsync(stage);
    }

    [Theory]
    [InlineData("Isolated", ItemState.Succeeded, "It has come up")]
    [InlineData("vSwitch", ItemState.Failed, "vSwitch on hv-west-01 is not isolated")]
    [InlineData("{external: vSwitch}", ItemState.Succeeded, "It has come up")]
    [InlineData("{external: nowhere}", ItemState.Failed, "has no switch 'nowhere'")]
    public async Task External_switch_is_refused_unless_the_document_names_it_as_one(string name, ItemState state, string explanation)
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary, adapt: host => host with { Switches = ["vSwitch", "Isolated"], PrivateSwitches = ["Isolated"] });
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: $"strategy: {{name: test-failover, switch: {name}}}"));

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        (end.Item("sql-01").State, end.Item("sql-01").Explanation).ShouldSatisfyAllConditions(item => item.State.ShouldBe(state), item => item.Explanation.ShouldContain(explanation));
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task Machine_is_tested_by_one_at_a_time_and_what_is_failed_over_is_no_replica_to_test()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: TestForLong));
        await SoaksAsync(stage);

        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await stage.Drills().StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" })));
        (refused.Reason, refused.Metadata["campaign"]).ShouldBe(("MACHINE_HELD", campaign.Name));
        await stage.Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name, Reason = "seen enough" });
        await stage.Coordinator.WatchToEndAsync(campaign.Name);

        await using var over = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var none = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => over.Coordinator.CreateAsync(Yaml.Campaign(spec: "strategy: test-failover"))));
        none.Reason.ShouldBe("NO_ITEMS");
    }

    private static async Task<string> ReportAsync(ReturnStage stage, string campaign, ReportFormat format)
    {
        using var bytes = new MemoryStream();
        using var call = stage.Coordinator.Campaigns.ExportReport(new ExportReportRequest { Name = campaign, Format = format });
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            piece.Content.WriteTo(bytes);
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static Task SoaksAsync(ReturnStage stage) => UntilAsync(stage, drill => drill is { Step: null } && drill.Steps.Any(step => step is { Kind: "VERIFY_GUEST", Succeeded: true }));

    private static async Task UntilAsync(ReturnStage stage, Func<Drill, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        var drills = stage.Drills();
        while (true)
        {
            var live = (await drills.ListDrillsAsync(new ListDrillsRequest { LiveOnly = true }, cancellationToken: deadline.Token)).Drills;
            if (live is not [var drill])
            {
                await Task.Delay(20, deadline.Token);
                continue;
            }

            using var call = drills.WatchDrill(new WatchDrillRequest { Name = drill.Name }, cancellationToken: deadline.Token);
            await foreach (var shown in call.ResponseStream.ReadAllAsync(deadline.Token))
            {
                if (condition(shown))
                {
                    return;
                }
            }

            throw new InvalidOperationException($"The drill ended before: {drill}");
        }
    }

    private static async Task ShouldBeAsBeforeAsync(ReturnStage stage)
    {
        var hosts = new Contracts.Campaigns.V1.Hosts.HostsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var machines = (await hosts.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { Parent = $"hosts/{ReturnStage.Recovery}" })).VirtualMachines;
        var replica = machines.ShouldHaveSingleItem();
        (replica.Name, replica.ReplicationState, replica.PowerState).ShouldBe(("sql-01", Contracts.Failback.V1.ReplicationState.Replicating, Contracts.Failback.V1.PowerState.Off));
    }
}

file static class StageExtensions
{
    public static DrillsClient Drills(this ReturnStage stage) => new(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
}
