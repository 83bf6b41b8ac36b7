using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using CampaignState = HostAgent.Contracts.Campaigns.V1.CampaignState;

namespace HostAgent.Coordinator.Tests.Drills;

/// <summary>Planned drills through real agents on two simulated hosts that speak: from the primary site, where it is protected, to its replica and back.</summary>
public sealed class PlannedDrillTests
{
    private static readonly SimulatedVirtualMachineDescription Replica = ReturnStage.Machine with { State = ReplicationState.Replicating };

    private static readonly SimulatedVirtualMachineDescription Production =
        ReturnStage.Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running };

    [Fact]
    public async Task Machine_goes_to_its_replica_and_comes_home_with_every_write_and_leaves_a_proof()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Production);
        var campaign = await StartedAsync(stage, "strategy: {name: planned-drill, soak: 1s, rehearse: false, proof: {validFor: 90d}}");
        campaign.Counts.Total.ShouldBe(1, string.Join("; ", campaign.Refused.Select(refused => refused.Reason)));
        await SyncedAsync(stage, campaign);
        await stage.Coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "all" });

        var there = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Waves[0].WaitingFor.StartsWith("approval of its way back", StringComparison.Ordinal), "the machine to wait for its way back");
        there.Item("sql-01").State.ShouldBe(ItemState.Synced);
        stage.Pair.Compare(ReturnStage.Machine.Id).ShouldSatisfyAllConditions(both => both.FirstRuns.ShouldBeTrue(), both => both.SecondRuns.ShouldBeFalse(), both => both.FirstHasAll.ShouldBeTrue());
        await stage.Coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "all", WayBack = true });
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        (end.Campaign.Waves[0].OutagesApprovedBy, end.Campaign.Waves[0].WayBackApprovedBy).ShouldBe(("dr-lead", "dr-lead"));
        end.Item("sql-01").Explanation.ShouldBe("It has been to hv-west-01 and runs on hv-east-01 again; hv-west-01 receives its changes.");
        IsHome(stage);

        var proof = (await Drills(stage).ListProofsAsync(new ListProofsRequest())).Proofs.ShouldHaveSingleItem();
        (proof.State, proof.Passed.Isolation, proof.Passed.Host, proof.Passed.TestedBy, proof.Passed.Owner, proof.Passed.Drill).ShouldBe(
            (ProofState.Valid, "PRODUCTION", ReturnStage.Recovery, "dr-lead", campaign.Name, ReturnStage.Name));
        (proof.Passed.ValidUntil.ToDateTimeOffset() - proof.Passed.VerdictTime.ToDateTimeOffset()).ShouldBe(TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task Drill_goes_on_after_the_coordinator_was_restarted_on_both_ways_and_in_the_soak()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Production);
        var campaign = await StartedAsync(stage, "strategy: {name: planned-drill, soak: 8s, rehearse: false, outage: automatic}");
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Item("sql-01").State == ItemState.Running, "the machine to leave");
        await RestartAsync(stage);
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Item("sql-01") is { State: ItemState.Queued, NextAttemptTime: not null }, "the machine to be there");
        await RestartAsync(stage);
        var held = await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await Drills(stage).StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01", Host = ReturnStage.Home }));
        RpcFailure.From(held).Reason.ShouldBe("MACHINE_HELD");
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Item("sql-01") is { State: ItemState.Running, NextAttemptTime: null }, "the machine to leave for home");
        await RestartAsync(stage);

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        IsHome(stage);
    }

    [Fact]
    public async Task Machine_that_does_not_come_up_at_the_recovery_site_is_held_in_the_names_of_its_hosts_and_goes_back()
    {
        await using var stage = await ReturnStage.StartAsync(Replica with { Guest = new() { BootFails = true } }, Production);
        var campaign = await StartedAsync(stage, "strategy: {name: planned-drill, soak: 1s, rehearse: false, outage: automatic, verify: {heartbeat: 10s}}");

        var held = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");
        held.Item("sql-01").Explanation.ShouldStartWith("The machine runs at hv-west-01 and has not come up as it should.");
        var shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        (shown.WayThere, shown.RecoveryHost, shown.HomeHost).ShouldBe((true, ReturnStage.Home, ReturnStage.Recovery));
        shown.Next.Choices.Single(choice => choice.Verb == "GO_BACK").Explanation.ShouldBe("Bring production back to hv-east-01.");
        await stage.Returns.SetReturnGoalAsync(new SetReturnGoalRequest { Name = ReturnStage.Name, Goal = ReturnGoal.Back, ConfirmLoss = true, Reason = "the guest does not boot there" });
        await stage.RunAsync();
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        (end.Item("sql-01").State, end.Item("sql-01").Explanation).ShouldBe((ItemState.Cancelled, "Rolled back: it runs on hv-east-01."));
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondRuns.ShouldBeTrue();
        var proof = (await Drills(stage).ListProofsAsync(new ListProofsRequest())).Proofs.ShouldHaveSingleItem();
        (proof.State, proof.Passed, proof.Failed.Isolation, proof.Failed.Host, proof.Failed.TestedBy, proof.Failed.Owner, proof.Failed.ValidUntil).ShouldBe(
            (ProofState.Failed, null, "PRODUCTION", ReturnStage.Recovery, "dr-lead", campaign.Name, null));
        proof.Failed.Explanation.ShouldSatisfyAllConditions(
            text => text.ShouldStartWith("Its way to hv-west-01 was taken back after its service had gone down: it runs on hv-east-01. VERIFY_GUEST on hv-west-01 had failed: "),
            text => text.ShouldEndWith(" Taken back by dr-lead: the guest does not boot there."));
        using var report = System.Text.Json.JsonDocument.Parse(await ReportAsync(stage, campaign, ReportFormat.Json));
        report.RootElement.GetProperty("items")[0].GetProperty("test").GetProperty("passed").GetBoolean().ShouldBeFalse();
        (await ReportAsync(stage, campaign, ReportFormat.Html)).ShouldContain("Evidence (0 of 1 machines went there and came home)");
    }

    [Fact]
    public async Task Drill_that_is_called_off_while_production_runs_on_leaves_no_proof()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Production);
        var campaign = await StartedAsync(stage, "strategy: {name: planned-drill, soak: 1s, rehearse: false}");
        await SyncedAsync(stage, campaign);

        await stage.Returns.SetReturnGoalAsync(new SetReturnGoalRequest { Name = ReturnStage.Name, Goal = ReturnGoal.Back, Reason = "not tonight" });
        var back = await stage.RunAsync();

        back.EndTime.ShouldNotBeNull();
        (await Drills(stage).ListProofsAsync(new ListProofsRequest())).Proofs.ShouldAllBe(proof => proof.Failed == null && proof.Passed == null);
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondRuns.ShouldBeTrue();
    }

    [Fact]
    public async Task Machine_that_is_not_well_at_home_again_is_held_with_the_choices_of_a_return_and_the_check_knows_the_way()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the check is a shell script");
        var checks = Directory.CreateTempSubdirectory("checks-");
        try
        {
            var file = Path.Combine(checks.FullName, "app.sh");
            await File.WriteAllTextAsync(file, "#!/bin/sh\ntest \"$FAILBACK_DRILL\" = THERE\n", TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            await using var stage = await ReturnStage.StartAsync(Replica, Production);
            await stage.Coordinator.StopAsync();
            stage.Coordinator.Arguments = ["--Coordinator:ApplicationChecks", checks.FullName];
            await stage.StartCoordinatorAsync();
            var campaign = await StartedAsync(stage, "strategy: {name: planned-drill, soak: 0s, rehearse: false, outage: automatic, verify: {check: app.sh}}");

            var held = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");
            (held.Item("sql-01").FailureReason, held.Item("sql-01").Explanation[..31]).ShouldBe(("UNHEALTHY", "The machine runs at home and ha"));
            var shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
            (shown.WayThere, shown.RecoveryHost).ShouldBe((false, ReturnStage.Recovery));
            shown.Next.Choices.ShouldContain(choice => choice.Verb == "GO_BACK");
        }
        finally
        {
            checks.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Only_a_machine_that_runs_at_home_in_step_with_its_replica_is_drilled()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var failure = await Should.ThrowAsync<Grpc.Core.RpcException>(() => stage.Coordinator.CreateAsync(Document("strategy: planned-drill")));
        RpcFailure.From(failure).Message.ShouldContain("its replication is in state WaitingForStartResynchronize: it is not in step with its replica");
    }

    [Fact]
    public async Task Report_has_what_each_machine_has_shown_as_evidence()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Production);
        var campaign = await StartedAsync(stage, "strategy: {name: planned-drill, soak: 0s, outage: automatic}");
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);

        using var report = System.Text.Json.JsonDocument.Parse(await ReportAsync(stage, campaign, ReportFormat.Json));
        var test = report.RootElement.GetProperty("items")[0].GetProperty("test");
        (test.GetProperty("passed").GetBoolean(), test.GetProperty("isolation").GetString(), test.GetProperty("tested_by").GetString()).ShouldBe((true, "PRODUCTION", "dr-lead"));
        (await ReportAsync(stage, campaign, ReportFormat.Html)).ShouldContain("Evidence (1 of 1 machines went there and came home)");
        (await ReportAsync(stage, campaign, ReportFormat.Csv)).ShouldContain(",PRODUCTION,,heartbeat,");
        IsHome(stage);
    }

    private static void IsHome(ReturnStage stage) => stage.Pair.Compare(ReturnStage.Machine.Id).ShouldSatisfyAllConditions(
        both => both.SecondRuns.ShouldBeTrue(),
        both => both.FirstRuns.ShouldBeFalse(),
        both => both.SecondHasAll.ShouldBeTrue(),
        both => both.BothRan.ShouldBe(TimeSpan.Zero));

    private static async Task<string> ReportAsync(ReturnStage stage, Campaign campaign, ReportFormat format)
    {
        var text = new System.Text.StringBuilder();
        using var call = stage.Coordinator.Campaigns.ExportReport(new ExportReportRequest { Name = campaign.Name, Format = format });
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            text.Append(call.ResponseStream.Current.Content.ToStringUtf8());
        }

        return text.ToString();
    }

    private static Contracts.Campaigns.V1.Drills.DrillsClient Drills(ReturnStage stage) => new(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));

    private static Task SyncedAsync(ReturnStage stage, Campaign campaign)
        => stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Synced == 1, "the machine to be in step");

    private static string Document(string strategy) => Yaml.Campaign(spec: strategy).Replace("site: west", "site: east", StringComparison.Ordinal);

    private static async Task<Campaign> StartedAsync(ReturnStage stage, string strategy)
    {
        var campaign = await stage.Coordinator.CreateAsync(Document(strategy));
        await stage.Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        return campaign;
    }

    private static async Task RestartAsync(ReturnStage stage)
    {
        await stage.Coordinator.StopAsync();
        await stage.StartCoordinatorAsync();
    }
}
