using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;
using CampaignState = HostAgent.Contracts.Campaigns.V1.CampaignState;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>Rehearsals at home, through real agents: before its outage a machine is proved to come up there, and one that does not is held with its service up.</summary>
public sealed class RehearsalTests
{
    private const string Campaign = "strategy: {name: host-to-host, attach: automatic, outage: automatic, verify: {heartbeat: 10s}}";

    [Fact]
    public async Task Machine_that_comes_up_in_its_rehearsal_goes_home_and_has_a_proof()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: Campaign));

        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        var shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        var kinds = shown.Steps.Select(step => step.Kind).ToList();
        kinds.Count(kind => kind == "REHEARSE").ShouldBe(1);
        kinds.IndexOf("REHEARSE").ShouldBeLessThan(kinds.IndexOf("SHUT_DOWN_GUEST"));
        (shown.Proof.State, shown.Proof.Passed.Host, shown.Proof.Passed.Owner).ShouldBe((ProofState.Valid, ReturnStage.Home, campaign.Name));
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Machine_that_does_not_come_up_is_held_with_its_service_up_and_nothing_of_the_rehearsal_is_left()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Guest = new() { BootFails = true } });
        var campaign = await stage.Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: Campaign));

        var held = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");
        var shown = await stage.StepUntilAsync(NextKind.Ask);

        (held.Item("sql-01").FailureReason, shown.Next.Code, shown.OutageSince, shown.Running).ShouldBe(("REHEARSAL_FAILED", "REHEARSAL_FAILED", null, false));
        held.Item("sql-01").Explanation.ShouldContain("the guest has not answered yet");
        shown.Next.Choices.Select(choice => choice.Verb).ShouldBe(["GO_BACK", "REHEARSE_AGAIN", "GO_ON_UNREHEARSED", "RECHECK", "HAND_OVER"], ignoreOrder: true);
        shown.Home.Facts.TestMachineIds.ShouldBeEmpty();
        shown.Steps.ShouldNotContain(step => step.Kind == "SHUT_DOWN_GUEST");

        // Again it does not come up; then it stays where it is.
        await stage.AnswerAsync(shown, "REHEARSE_AGAIN", "the memory was freed");
        var again = await stage.RunAsync(one => one.Next.Kind == NextKind.Ask && one.Steps.Count(step => step.Kind == "REHEARSE") == 2);
        again.Next.Code.ShouldBe("REHEARSAL_FAILED");
        await stage.AnswerAsync(again, "GO_BACK", "");
        await stage.RunAsync();
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);
        (end.Item("sql-01").State, end.Item("sql-01").Explanation).ShouldBe((ItemState.Cancelled, "Rolled back: it runs on hv-west-01."));
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("{switch: isolated}", true)]
    public async Task Application_check_is_run_in_a_rehearsal_on_a_named_switch_and_otherwise_said_not_to_be(string rehearse, bool isRun)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the check is a shell script");
        var checks = Directory.CreateTempSubdirectory("checks-");
        try
        {
            var (file, log) = (Path.Combine(checks.FullName, "app.sh"), Path.Combine(checks.FullName, "log"));
            await File.WriteAllTextAsync(file, $"#!/bin/sh\necho \"$FAILBACK_OCCASION $FAILBACK_VM_NAME ${{FAILBACK_TEST_OF:+of a test}}\" >> {log}\n", TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            await using var stage = await ReturnStage.StartAsync(
                ReturnStage.FailedOver, ReturnStage.OldPrimary, adapt: host => host with { Switches = ["vSwitch", "isolated"], PrivateSwitches = ["isolated"] });
            await stage.Coordinator.StopAsync();
            stage.Coordinator.Arguments = ["--Coordinator:ApplicationChecks", checks.FullName];
            await stage.StartCoordinatorAsync();
            var campaign = await stage.Coordinator.CreateAndStartAsync(
                Yaml.Campaign(spec: $"strategy: {{name: host-to-host, attach: automatic, outage: automatic, rehearse: {rehearse}, verify: {{check: app.sh}}}}"));
            var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

            end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
            (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).ShouldBe(isRun ? ["REHEARSAL sql-01 of a test", "VERIFY sql-01 "] : ["VERIFY sql-01 "]);
            var shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
            shown.Steps.Single(step => step.Kind == "REHEARSE").Explanation.EndsWith("The application check app.sh was not run: the rehearsal is on no network.", StringComparison.Ordinal).ShouldBe(!isRun);
        }
        finally
        {
            checks.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Person_goes_on_without_a_rehearsal_and_says_why()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Guest = new() { BootFails = true } });
        await BeginAsync(stage);
        var asked = await stage.RunAsync();
        asked.Next.Code.ShouldBe("REHEARSAL_FAILED");

        RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(() => stage.AnswerAsync(asked, "GO_ON_UNREHEARSED", ""))).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("reason");
        await stage.AnswerAsync(asked, "GO_ON_UNREHEARSED", "it has never had a heartbeat");

        var next = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        (next.Next.Kind, next.Next.Gate).ShouldBe((NextKind.Approval, "OUTAGE"));
    }

    [Fact]
    public async Task Rehearsal_goes_on_after_the_coordinator_was_restarted_and_is_made_once()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await BeginAsync(stage);
        await stage.RunAsync(shown => shown.Step is { Kind: "REHEARSE", Explanation.Length: > 0 });
        await stage.Coordinator.StopAsync();
        await stage.StartCoordinatorAsync();

        var rests = await stage.RunAsync(shown => shown is { Step: null, Next.Gate: "OUTAGE" });

        rests.Steps.Where(step => step.Kind == "REHEARSE").ShouldHaveSingleItem().Succeeded.ShouldBeTrue();
        var drills = new Contracts.Campaigns.V1.Drills.DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var drill = (await drills.ListDrillsAsync(new ListDrillsRequest())).Drills.ShouldHaveSingleItem();
        (drill.State, drill.Host, drill.Owner).ShouldBe((DrillState.Passed, ReturnStage.Home, ReturnStage.Name));
        drill.Steps.Count(step => step.Kind == "TEST_FAILOVER" && step.Succeeded).ShouldBe(1);
    }

    private static Task<Return> BeginAsync(ReturnStage stage) => stage.Returns.CreateReturnAsync(new CreateReturnRequest
    {
        VirtualMachine = ReturnStage.Machine.Name,
        Check = new ReturnCheck { HeartbeatTimeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(10)) },
        Rehearse = true,
    }).ResponseAsync;
}
