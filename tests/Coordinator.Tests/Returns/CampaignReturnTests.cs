using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using CampaignState = HostAgent.Contracts.Campaigns.V1.CampaignState;
using Kind = HostAgent.Campaigns.Planning.StepKind;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>Campaigns that bring machines home host to host, through real agents on two simulated hosts that speak.</summary>
public sealed class CampaignReturnTests
{
    private const string Attached = "strategy: {name: host-to-host, rehearse: false, attach: automatic}";

    [Fact]
    public async Task Machine_rests_in_step_until_the_outages_of_its_wave_are_approved_and_then_comes_home()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var campaign = await StartedAsync(stage, Attached);
        campaign.Counts.Total.ShouldBe(1, string.Join("; ", campaign.Refused.Select(refused => refused.Reason)));

        var rests = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Synced == 1, "the machine to be in step");
        rests.Campaign.Waves[0].WaitingFor.ShouldBe("approval of its outages by an operator");
        var why = await stage.Coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name });
        why.Reasons.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            reason => (reason.Code, reason.Subject, reason.Count, reason.Act).ShouldBe(("OUTAGE_APPROVAL", "all", 1, "failback campaign approve return-to-east all")),
            reason => reason.Examples.ShouldBe(["sql-01"]));
        await ApproveAsync(stage, campaign);
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        (end.Campaign.Waves[0].OutagesApprovedBy, end.Item("sql-01").Explanation).ShouldBe(("dr-lead", "It runs on hv-east-01, and hv-west-01 receives its changes."));
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_consent_to_the_attach_the_machine_is_held_until_a_person_approves_it()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false, outage: automatic}");

        var held = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");
        var shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        (held.Item("sql-01").FailureReason, shown.Next.Gate, shown.Running).ShouldBe(("APPROVE_ATTACH", "ATTACH", false));
        var why = await stage.Coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name });
        var question = why.Reasons.ShouldHaveSingleItem().Questions.ShouldHaveSingleItem();
        (question.VirtualMachineName, question.Answers.ShouldHaveSingleItem().Command).ShouldBe(("sql-01", "failback vm approve sql-01 ATTACH"));
        await stage.ApproveAsync(shown);
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Outage_of_a_campaigns_machine_is_approved_by_its_approvers_alone_also_machine_by_machine()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: {approval: {by: [bob]}}}");
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Synced == 1, "the machine to be in step");
        var shown = await stage.StepUntilAsync(NextKind.Approval);

        var wave = await Should.ThrowAsync<Grpc.Core.RpcException>(() => ApproveAsync(stage, campaign));
        var machine = await Should.ThrowAsync<Grpc.Core.RpcException>(
            async () => await stage.Returns.ApproveReturnAsync(new ApproveReturnRequest { Name = ReturnStage.Name, Gate = "OUTAGE", Evidence = shown.Next.Evidence }));

        (RpcFailure.From(wave).Reason, RpcFailure.From(machine).Reason).ShouldBe(("NOT_AN_APPROVER", "NOT_AN_APPROVER"));
        var bob = new Contracts.Campaigns.V1.Campaigns.CampaignsClient(stage.Coordinator.Connect(PeerRole.Operator, "bob"));
        await bob.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "all" });
        (await stage.Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
    }

    [Fact]
    public async Task Machine_that_does_not_come_up_is_held_and_its_roll_back_cancels_the_item()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Guest = new() { BootFails = true } });
        var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic, verify: {heartbeat: 10s}}");

        var held = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");
        held.Item("sql-01").FailureReason.ShouldBe("UNHEALTHY");
        await stage.Returns.SetReturnGoalAsync(new SetReturnGoalRequest { Name = ReturnStage.Name, Goal = ReturnGoal.Back, ConfirmLoss = true, Reason = "the guest does not boot at home" });
        await stage.RunAsync();
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        (end.Item("sql-01").State, end.Item("sql-01").Explanation).ShouldBe((ItemState.Cancelled, "Rolled back: it runs on hv-west-01."));
        stage.Pair.Compare(ReturnStage.Machine.Id).FirstHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Silent_host_is_named_while_its_machine_waits_for_it_and_the_machine_goes_on_when_it_answers()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var campaign = await stage.Coordinator.CreateAsync(Yaml.Campaign(spec: "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic}"));
        var address = stage.AddressOf(ReturnStage.Home);
        await stage.StopAgentAsync(ReturnStage.Home);
        await stage.Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });

        var waiting = await stage.Coordinator.WatchAsync(
            campaign.Name, watched => watched.Item("sql-01").Explanation.Contains($"{ReturnStage.Home} does not answer", StringComparison.Ordinal), "the machine to say which host is silent");
        waiting.Item("sql-01").State.ShouldBe(ItemState.Running);
        foreach (var item in (string[])["", "sql-01", waiting.Item("sql-01").Name.Split('/')[^1]])
        {
            // While both hosts are read once more, nothing is known to be waited for.
            var explained = await ExplainedAsync(stage, new ExplainCampaignRequest { Name = campaign.Name, ItemId = item }, answer => answer.MovingCount == 0);
            explained.Reasons.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                reason => (reason.Code, reason.Subject, reason.Act, reason.Count, reason.NeedsPerson).ShouldBe(("SILENT_HOST", ReturnStage.Home, $"failback host show {ReturnStage.Home}", 1, false)),
                reason => reason.Explanation.ShouldContain("a person is asked at"),
                reason => reason.Examples.ShouldBe(["sql-01"]));
        }

        await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await stage.Coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name, ItemId = "sql-02" }));
        await stage.StartAgentAgainAsync(ReturnStage.Home, address);
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
    }

    [Fact]
    public async Task Bad_application_check_is_told_with_its_words_made_again_and_passed_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the check is a shell script");
        foreach (var verb in (string[])["VERIFY_AGAIN", "GO_ON_UNVERIFIED"])
        {
            await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
            using var checks = new TemporaryChecks(0);
            var broken = System.IO.Path.Combine(checks.Path, "broken");
            checks.Add("app.sh", $"test ! -e {broken} || {{ echo 'the shop answers 503'; exit 3; }}\n");
            await File.WriteAllTextAsync(broken, "");
            await stage.Coordinator.StopAsync();
            stage.Coordinator.Arguments = ["--Coordinator:ApplicationChecks", checks.Path];
            await stage.StartCoordinatorAsync();
            var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic, verify: {check: app.sh}}");
            var held = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");
            (held.Item("sql-01").FailureReason, held.Item("sql-01").Explanation.Contains("the shop answers 503", StringComparison.Ordinal)).ShouldBe(("UNHEALTHY", true), held.Item("sql-01").Explanation);

            var asked = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
            asked.Next.Choices.Select(choice => (choice.Verb, choice.NeedsReason)).ShouldBe(
                [("GO_BACK", true), ("VERIFY_AGAIN", false), ("GO_ON_UNVERIFIED", true), ("ATTACH_RECOVERY", true), ("RECHECK", false), ("HAND_OVER", true)], ignoreOrder: true);
            if (verb == "VERIFY_AGAIN")
            {
                File.Delete(broken);
            }

            await stage.AnswerAsync(asked, verb, verb == "VERIFY_AGAIN" ? "" : "it is to be repaired by day");
            var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
            end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
            stage.Pair.Compare(ReturnStage.Machine.Id).ShouldSatisfyAllConditions(both => both.SecondRuns.ShouldBeTrue(), both => both.SecondHasAll.ShouldBeTrue(), both => both.BothRan.ShouldBe(TimeSpan.Zero));
        }
    }

    [Fact]
    public async Task Campaign_goes_on_after_the_coordinator_was_restarted_at_rest_held_and_in_the_outage()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false}");
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");
        await RestartAsync(stage);
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held still");
        await stage.ApproveAsync(await stage.StepUntilAsync(NextKind.Approval));
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Synced == 1, "the machine to be in step");
        await RestartAsync(stage);
        await ApproveAsync(stage, campaign);
        await stage.RunAsync(shown => shown.Step is { Kind: "PREPARE_PLANNED_FAILOVER" } || shown.EndTime is not null);
        await RestartAsync(stage);

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        var shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        shown.Steps.Where(step => step.Succeeded).Select(step => $"{step.Kind} {step.Side}").ShouldBeUnique();
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, ItemState.Succeeded)]
    [InlineData(3, ItemState.Held)]
    public async Task Application_check_of_the_site_decides_whether_a_machine_has_come_up(int code, ItemState expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the check is a shell script");
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        using var checks = new TemporaryChecks(code);
        await stage.Coordinator.StopAsync();
        stage.Coordinator.Arguments = ["--Coordinator:ApplicationChecks", checks.Path];
        await stage.StartCoordinatorAsync();

        var unknown = await Should.ThrowAsync<Grpc.Core.RpcException>(
            async () => await stage.Coordinator.CreateAsync(Yaml.Campaign(spec: "strategy: {name: host-to-host, rehearse: false, verify: {check: other.sh}}")));
        RpcFailure.From(unknown).FieldViolations.ShouldHaveSingleItem().Description.ShouldContain("it must be one of app.sh");
        var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic, verify: {check: app.sh}}");
        var end = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held + watched.Campaign.Counts.Succeeded == 1, "the verdict of the check");

        var verified = (await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name })).Steps.Single(step => step.Kind == "VERIFY_GUEST");
        (end.Item("sql-01").State, verified.Succeeded).ShouldBe((expected, code == 0));
        verified.Explanation.ShouldContain("sql-01 on hv-east-01");
    }

    [Theory]
    [InlineData(null, 7200, null)]
    [InlineData(600, 600, null)]
    [InlineData(600, 601, "The machine at home is 10m1s behind, and outages are approved up to 10m.")]
    [InlineData(600, null, "It is not known how far the machine at home is behind, and outages are approved up to 10m.")]
    public void Outage_is_approved_up_to_the_lag_that_was_stated(int? most, int? lag, string? behind)
        => CampaignReturns.Behind(new OutageSpec(Automatic: true, []) { MaxLag = Seconds(most) }, Seconds(lag)).ShouldBe(behind);

    [Fact]
    public async Task Lag_is_measured_by_the_clock_of_the_home_host_and_lets_a_machine_go_that_is_not_behind()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: {automatic: true, maxLag: 1h}}");

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
    }

    [Fact]
    public async Task Machine_that_is_only_protected_stays_where_it_runs_and_goes_home_with_a_later_campaign()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var protects = await StartedAsync(stage, "strategy: {name: host-to-host, goal: protect, rehearse: false, attach: automatic}");

        var end = await stage.Coordinator.WatchToEndAsync(protects.Name);

        (end.Campaign.State, end.Item("sql-01").Explanation).ShouldBe((CampaignState.Completed, "It runs on hv-west-01, and hv-east-01 receives its changes."));
        stage.Pair.Compare(ReturnStage.Machine.Id).FirstRuns.ShouldBeTrue();
        var later = await stage.Coordinator.CreateAsync(Yaml.Campaign("later", spec: ["strategy: {name: host-to-host, rehearse: false, outage: automatic}"]));
        await stage.Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = later.Name });
        var home = await stage.Coordinator.WatchToEndAsync(later.Name);
        home.Campaign.State.ShouldBe(CampaignState.Completed, home.Item("sql-01").Explanation);
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Adapters_get_at_home_the_switch_and_the_addresses_that_the_document_says()
    {
        SimulatedAdapterDescription Lan(string name) => new() { Name = "lan", Switch = name, Addresses = ["10.20.3.7"] };
        await using var stage = await ReturnStage.StartAsync(
            ReturnStage.FailedOver with { Adapters = [Lan("DR")] }, ReturnStage.OldPrimary with { Adapters = [Lan("Old")] }, heartbeat: null,
            adapt: host => host with { Switches = host.Name == ReturnStage.Home ? ["Old", "Prod"] : ["DR"] });
        var campaign = await StartedAsync(
            stage, "strategy: {name: auto, attach: automatic, outage: automatic, networks: [{from: dr, to: Prod, subnets: [{from: 10.20.0.0/16, to: 10.10.0.0/16, gateway: 10.10.0.1, dns: [10.10.0.53]}]}]}");

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        var shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        shown.Steps.Count(step => step.Kind == "CONNECT_NETWORK" && step.Succeeded).ShouldBe(2, "one for the switch, one for the addresses");
        shown.Steps.Single(step => step.Kind == "VERIFY_GUEST").Explanation.ShouldContain("its network is as its campaign says: adapter 'lan' has 10.10.3.7");
    }

    [Fact]
    public async Task Adapters_get_at_home_the_vlan_that_the_document_says_and_keep_their_static_address()
    {
        await using var stage = await ReturnStage.StartAsync(
            ReturnStage.FailedOver with { Adapters = [new() { Name = "lan", StaticMac = "00155D0A0B0C" }, new() { Name = "dmz", Switch = "Dmz", Vlan = 30 }] },
            ReturnStage.OldPrimary with { Adapters = [new() { Name = "lan", Vlan = 7 }, new() { Name = "dmz", Switch = "Dmz", Vlan = 9, StaticMac = "00155D0D0E0F" }] }, heartbeat: null,
            adapt: host => host with { Switches = ["vSwitch", "Dmz"] });
        var campaign = await StartedAsync(
            stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic, networks: [{from: vSwitch, to: vSwitch, vlan: 120, mac: keep}, {from: Dmz, to: Dmz, vlan: untagged, mac: keep}]}");

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        var shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        string.Join(' ', shown.Steps.Where(step => step.Kind == "CONNECT_NETWORK").Select(step => step.Explanation)).ShouldSatisfyAllConditions(
            all => all.ShouldContain("Adapter 'lan' has the VLAN access 120."), all => all.ShouldContain("Adapter 'lan' has the static MAC address 00155D0A0B0C."),
            all => all.ShouldContain("Adapter 'dmz' has the VLAN untagged."), all => all.ShouldNotContain("Adapter 'dmz' has the static"));
        var adapters = await new HyperV.Failover.NetworkCalls(stage.Pair.Second.OpenSession()).ListAsync(new(ReturnStage.Machine.Id), TestContext.Current.CancellationToken);
        adapters.Select(adapter => (adapter.Name, adapter.Vlan, adapter.MacAddress)).ShouldBe([("lan", "access 120", "00155D0A0B0C"), ("dmz", "untagged", "00155D0D0E0F")], ignoreOrder: true);
    }

    [Fact]
    public async Task Machine_whose_network_at_home_cannot_be_told_is_held_with_its_service_up()
    {
        await using var stage = await ReturnStage.StartAsync(
            ReturnStage.FailedOver with { Adapters = [new() { Name = "lan", Addresses = ["192.0.2.10"] }] }, ReturnStage.OldPrimary with { Adapters = [new() { Name = "lan" }] });
        var campaign = await StartedAsync(
            stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic, networks: [{from: vSwitch, to: vSwitch, subnets: [{from: 10.20.0.0/16, to: 10.10.0.0/16}]}]}");

        var held = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");

        const string Why = "CONNECT_NETWORK on hv-east-01 has failed: Adapter 'lan' has 192.0.2.10, which is in no subnet of the rule for switch vSwitch.";
        (held.Item("sql-01").FailureReason, held.Item("sql-01").Explanation).ShouldSatisfyAllConditions(shown => shown.FailureReason.ShouldBe("STEP_FAILS"), shown => shown.Explanation.ShouldContain(Why));
        (await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name })).Next.Explanation.ShouldEndWith(Why);
        stage.Pair.Compare(ReturnStage.Machine.Id).FirstRuns.ShouldBeTrue();
    }

    [Fact]
    public async Task Programs_of_the_site_are_run_around_an_outage_and_keep_the_service_up_while_they_fail()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the programs are shell scripts");
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        using var programs = new TemporaryChecks(0);
        var (log, stop) = (System.IO.Path.Combine(programs.Path, "log"), System.IO.Path.Combine(programs.Path, "stop"));
        programs.Add("dns.sh", $"echo \"$FAILBACK_OCCASION $FAILBACK_VM_NAME $FAILBACK_HOST\" >> {log}\ntest ! -e {stop} || {{ echo 'the name server is read-only'; exit 4; }}\n");
        await File.WriteAllTextAsync(stop, "");
        await stage.Coordinator.StopAsync();
        stage.Coordinator.Arguments = ["--Coordinator:ApplicationChecks", programs.Path];
        await stage.StartCoordinatorAsync();
        var unknown = await Should.ThrowAsync<Grpc.Core.RpcException>(
            async () => await stage.Coordinator.CreateAsync(Yaml.Campaign(spec: "strategy: {name: host-to-host, rehearse: false, hooks: {beforeOutage: a.sh, afterVerify: b.sh}}")));
        RpcFailure.From(unknown).FieldViolations.Count.ShouldBe(2);

        var campaign = await StartedAsync(
            stage, "tolerance: {failures: 1}", "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic, hooks: {beforeOutage: dns.sh, afterVerify: dns.sh}}");
        var fails = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        (fails.Item("sql-01").State, fails.Item("sql-01").FailureReason).ShouldBe((ItemState.Failed, "NOT_READY"));
        fails.Item("sql-01").Explanation.ShouldContain("the name server is read-only");
        stage.Pair.Compare(ReturnStage.Machine.Id).FirstRuns.ShouldBeTrue();
        File.Delete(stop);
        await stage.Coordinator.Campaigns.RetryItemsAsync(new RetryItemsRequest { Name = campaign.Name });
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        var lines = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        lines.Distinct().ShouldBe(["BEFORE_OUTAGE sql-01 hv-east-01", "AFTER_VERIFY sql-01 hv-east-01"]);
        lines.Count(line => line.StartsWith("AFTER", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Programs_of_a_wave_are_run_once_around_it_and_one_that_fails_waits_for_a_person()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the programs are shell scripts");
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        using var programs = new TemporaryChecks(0);
        var (log, stop) = (System.IO.Path.Combine(programs.Path, "log"), System.IO.Path.Combine(programs.Path, "stop"));
        programs.Add("dns.sh", $"echo \"$FAILBACK_OCCASION $FAILBACK_CAMPAIGN $FAILBACK_WAVE $FAILBACK_RUN\" >> {log}\ntest ! -e {stop} || {{ echo 'the name server is read-only'; exit 4; }}\n");
        await File.WriteAllTextAsync(stop, "");
        await stage.Coordinator.StopAsync();
        stage.Coordinator.Arguments = ["--Coordinator:ApplicationChecks", programs.Path];
        await stage.StartCoordinatorAsync();
        string[] Spec(string program) => ["strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic}", $"waves: [{{name: all, once: {{beforeOutages: {program}, afterEnd: {program}}}}}]"];
        var unknown = await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await stage.Coordinator.CreateAsync(Yaml.Campaign(spec: Spec("none.sh"))));
        RpcFailure.From(unknown).FieldViolations.Count.ShouldBe(2);

        var campaign = await StartedAsync(stage, Spec("dns.sh"));
        var waits = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Waves[0].WaitingFor.Contains("which failed", StringComparison.Ordinal), "the wave to wait for a decision");
        waits.Item("sql-01").State.ShouldBe(ItemState.Synced);
        var reason = (await stage.Coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name })).Reasons.ShouldHaveSingleItem();
        (reason.Code, reason.Subject).ShouldBe(("WAVE_PROGRAM_FAILED", "all"));
        reason.Explanation.ShouldContain("The program dns.sh ended with code 4: the name server is read-only");
        stage.Pair.Compare(ReturnStage.Machine.Id).FirstRuns.ShouldBeTrue();

        File.Delete(stop);
        await stage.Coordinator.Campaigns.RetryItemsAsync(new RetryItemsRequest { Name = campaign.Name });
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).ShouldBe(
            [$"BEFORE_WAVE {campaign.Name} all 1", $"BEFORE_WAVE {campaign.Name} all 2", $"AFTER_WAVE {campaign.Name} all 3"]);
    }

    [Fact]
    public async Task Program_that_runs_when_the_coordinator_goes_is_told_as_unknown_and_a_person_goes_on_without_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the programs are shell scripts");
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        using var programs = new TemporaryChecks(0);
        var log = System.IO.Path.Combine(programs.Path, "log");
        programs.Add("dns.sh", $"echo begun >> {log}\nsleep 600\n");
        await stage.Coordinator.StopAsync();
        stage.Coordinator.Arguments = ["--Coordinator:ApplicationChecks", programs.Path];
        await stage.StartCoordinatorAsync();
        var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic}", "waves: [{name: all, once: {beforeOutages: dns.sh}}]");
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Waves[0].WaitingFor == "its program dns.sh", "the program to run");
        using (var deadline = new CancellationTokenSource(Limits.Patience))
        {
            while (!File.Exists(log))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
            }
        }

        await stage.Coordinator.StopAsync();
        await stage.StartCoordinatorAsync();

        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Waves[0].WaitingFor.EndsWith("of which nobody knows how it ended", StringComparison.Ordinal), "the wave to wait for a decision");
        await stage.Coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "all", Comment = "frozen by hand" });
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).ShouldBe(["begun"]);
    }

    [Fact]
    public async Task Campaign_that_is_stopped_takes_an_outage_back_when_it_is_asked_to()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Guest = new() { BootFails = true } });
        var campaign = await StartedAsync(stage, "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: {approval: {by: [dr-lead]}}}");
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Synced == 1, "the machine to be in step");
        await stage.Coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "all" });
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Item("sql-01").State == ItemState.Running, "the outage to begin");

        await stage.Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name, Reason = "the application owner calls it off", TakeBack = true });
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        (end.Campaign.State, end.Item("sql-01").State, end.Item("sql-01").Explanation).ShouldBe((CampaignState.CompletedWithFailures, ItemState.Cancelled, "Rolled back: it runs on hv-west-01."));
        stage.Pair.Compare(ReturnStage.Machine.Id).ShouldSatisfyAllConditions(both => both.FirstRuns.ShouldBeTrue(), both => both.FirstHasAll.ShouldBeTrue(), both => both.BothRan.ShouldBe(TimeSpan.Zero));
    }

    [Fact]
    public void Campaign_consents_to_one_outage_of_a_machine_and_to_nothing_that_its_document_does_not_name()
    {
        var fresh = new ReturnState
        {
            Uid = Guid.Empty,
            Machine = ReturnStage.Machine.Id,
            MachineName = "sql-01",
            RecoveryHost = ReturnStage.Recovery,
            HomeHost = ReturnStage.Home,
            CreateTime = default,
            CreatedBy = "campaigns/home",
            Plan = new ReturnPlan(),
        };
        var down = fresh with { Steps = [new MadeStep(1, Failover.StepKind.ShutDownGuest, Failover.Side.Recovery, Guid.Empty, default) { Succeeded = true }] };

        Given(Kind.Synchronize, new HostToHostSpec(), fresh).ShouldBe([Failover.Gate.Copy, Failover.Gate.Accept]);
        Given(Kind.Synchronize, new HostToHostSpec { Attach = Consent.Automatic, Copy = Consent.Ask, Accept = Consent.Ask }, fresh).ShouldBe([Failover.Gate.Attach]);
        Given(Kind.SwitchOver, new HostToHostSpec(), fresh).ShouldBe([Failover.Gate.Copy, Failover.Gate.Outage, Failover.Gate.Accept]);
        Given(Kind.SwitchOver, new HostToHostSpec(), down).ShouldBe([Failover.Gate.Copy, Failover.Gate.Accept]);

        static Failover.Gate[] Given(Kind kind, HostToHostSpec spec, ReturnState state)
        {
            var step = new StartOperation("", 1, kind, "", Guid.Empty, Guid.Empty, 1, RecoveryPointChoice.Latest, new ReplicationSettingsOverrides(), []) { Pair = new PairOperation("sql-01", "", "", spec, "") };
            return [.. Enum.GetValues<Failover.Gate>().Where(gate => CampaignReturns.Consents(step, gate, state))];
        }
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } number ? TimeSpan.FromSeconds(number) : null;

    private sealed class TemporaryChecks : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("checks-");

        public TemporaryChecks(int code)
        {
            Add("app.sh", $"echo \"$FAILBACK_VM_NAME on $FAILBACK_HOST\"\nexit {code}\n");
        }

        public void Add(string name, string script)
        {
            var file = System.IO.Path.Combine(Path, name);
            File.WriteAllText(file, $"#!/bin/sh\n{script}");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        public string Path => _directory.FullName;

        public void Dispose() => _directory.Delete(recursive: true);
    }

    private static async Task<ExplainCampaignResponse> ExplainedAsync(ReturnStage stage, ExplainCampaignRequest request, Func<ExplainCampaignResponse, bool> until)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        while (true)
        {
            if (await stage.Coordinator.Campaigns.ExplainCampaignAsync(request, cancellationToken: deadline.Token) is var answer && until(answer))
            {
                return answer;
            }
        }
    }

    private static async Task<Campaign> StartedAsync(ReturnStage stage, params string[] spec)
    {
        var campaign = await stage.Coordinator.CreateAsync(Yaml.Campaign(spec: spec));
        await stage.Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        return campaign;
    }

    private static async Task ApproveAsync(ReturnStage stage, Campaign campaign)
        => await stage.Coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = campaign.Waves[0].Name, Comment = "window is open" });

    private static async Task RestartAsync(ReturnStage stage)
    {
        await stage.Coordinator.StopAsync();
        await stage.StartCoordinatorAsync();
    }
}
