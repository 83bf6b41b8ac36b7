using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>Replicas that are tested: one step each, under the limits of their hosts, ended early by whoever cancels it or stops the campaign, and no machine is moved.</summary>
public class TestFailoverTests
{
    private const string Strategy = "strategy: {name: test-failover, switch: Isolated, soak: 5m, verify: {heartbeat: 3m}, proof: {validFor: 7d}}";

    [Fact]
    public void Tests_start_wave_by_wave_within_the_limits_of_the_hosts_that_keep_the_replicas()
    {
        var scenario = Scenario.Started($"{Strategy}\nlimits: {{host: 2}}\nwaves: [{{name: canary, take: 1}}, {{name: rest}}]", Estate.Uniform(2, 3));
        scenario.InFlight.ShouldBe(["m0-0"]);
        scenario.Effects.OfType<StartOperation>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            start => (start.Kind, start.Host, start.Pair).ShouldBe((StepKind.TestFailover, "h0", null)),
            start => (start.Drill!.Name, start.Drill.StartedBy, start.Drill.EndsBecause).ShouldBe(("m0-0", "ann", null)),
            start => (start.Drill!.Spec.Switch, start.Drill.Spec.AllowsExternal, start.Drill.Spec.Soak, start.Drill.Spec.ProofValidFor, start.Drill.Spec.Verify.Heartbeat)
                .ShouldBe(("Isolated", false, TimeSpan.FromMinutes(5), TimeSpan.FromDays(7), TimeSpan.FromMinutes(3))));

        scenario.Running("m0-0").Succeed("m0-0").Initiated.ShouldBe(["m1-0", "m0-1", "m1-1", "m0-2"], ignoreOrder: true);
        foreach (var machine in new[] { "m1-0", "m0-1", "m1-1", "m0-2", "m1-2" })
        {
            scenario.Succeed(machine);
        }

        scenario.State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Test_that_fails_counts_as_a_failure_and_is_not_repeated_unless_the_document_says_so()
    {
        Scenario.Started($"{Strategy}\ntolerance: {{failures: 0}}", Estate.Uniform(1, 1)).Fail("m0-0", RetryClass.FailedJob, "TEST_FAILED").Status("m0-0").ShouldBe(ItemStatus.Failed);
        Scenario.Started($"{Strategy}\nretry: {{failedJobs: true}}", Estate.Uniform(1, 1)).Fail("m0-0", RetryClass.FailedJob, "TEST_FAILED").Status("m0-0").ShouldBe(ItemStatus.Queued);
    }

    [Fact]
    public void Test_is_cancelled_without_a_confirmation_and_is_in_flight_until_it_is_cleaned_up()
    {
        var scenario = Scenario.Started($"{Strategy}\nlimits: {{host: 1}}", Estate.Uniform(1, 2)).Running("m0-0");

        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), ConfirmPossibleDataLoss: false, "ann", "the link is needed"));
        scenario.Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Drill!.EndsBecause.ShouldBe("ann requested cancellation: the link is needed");
        scenario.InFlight.ShouldBe(["m0-0"]);
        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), ConfirmPossibleDataLoss: false, "ann", "again")).Effects.OfType<FollowPair>().ShouldBeEmpty();

        scenario.Crash().Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Drill!.EndsBecause.ShouldNotBeNull();
        scenario.Send(new AttemptCancelled(Estate.ItemOf("m0-0"), 1, "Ended early.")).Initiated.ShouldBe(["m0-1"]);
        scenario.Status("m0-0").ShouldBe(ItemStatus.Cancelled);
        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), ConfirmPossibleDataLoss: false, "ann", "late")).Rejection.ShouldBeNull();
    }

    [Fact]
    public void Test_whose_start_may_never_have_been_taken_up_is_ended_after_a_crash_and_not_begun()
    {
        var scenario = Scenario.Started(Strategy, Estate.Uniform(1, 1));
        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), ConfirmPossibleDataLoss: false, "ann", ""));

        scenario.Crash().Initiated.ShouldBeEmpty();
        scenario.Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Drill!.EndsBecause.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Campaign_that_stops_ends_its_tests_and_has_stopped_when_they_are_cleaned_up(bool byTolerance)
    {
        var scenario = Scenario.Started($"{Strategy}\ntolerance: {{failures: 0, onBreach: stop}}", Estate.Uniform(1, 3)).Running("m0-0").Running("m0-1");
        _ = byTolerance ? scenario.Fail("m0-2") : scenario.Send(new StopCampaign("ann", "enough"));

        scenario.Effects.OfType<FollowPair>().Select(follow => follow.Step.Item).ShouldBe(
            byTolerance ? [Estate.ItemOf("m0-0"), Estate.ItemOf("m0-1")] : [Estate.ItemOf("m0-0"), Estate.ItemOf("m0-1"), Estate.ItemOf("m0-2")], ignoreOrder: true);
        scenario.Effects.OfType<FollowPair>().ShouldAllBe(follow => follow.Step.Drill!.EndsBecause == "coordinator requested cancellation: the campaign stops");
        scenario.State.Status.ShouldBe(CampaignStatus.Stopping);

        scenario.Send(new TimerElapsed()).Effects.OfType<FollowPair>().ShouldBeEmpty();
        foreach (var item in scenario.State.Items.Where(item => item.IsInFlight).Select(item => item.Id).ToList())
        {
            scenario.Send(new AttemptCancelled(item, 1, "Ended early."));
        }

        scenario.State.Counts.Terminal.ShouldBe(3);
        scenario.State.Status.IsTerminal().ShouldBeTrue();
    }

    [Fact]
    public void Test_that_has_passed_before_its_cancellation_reached_it_has_passed()
    {
        var scenario = Scenario.Started(Strategy, Estate.Uniform(1, 1)).Running("m0-0");
        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), ConfirmPossibleDataLoss: false, "ann", "")).Succeed("m0-0").Status("m0-0").ShouldBe(ItemStatus.Succeeded);
    }

    [Fact]
    public void Test_machine_that_is_left_keeps_its_slot_until_it_is_gone()
    {
        var scenario = Scenario.Started($"{Strategy}\nlimits: {{host: 1}}", Estate.Uniform(1, 2)).Running("m0-0").Asks("m0-0", "TEST_MACHINE_LEFT", serviceIsDown: true);
        (scenario.Status("m0-0"), scenario.InFlight.Count, scenario.State.Failures).ShouldBe((ItemStatus.Held, 1, 0));
        scenario.Fail("m0-0").Initiated.ShouldBeEmpty();
        scenario.State.Failures.ShouldBe(1);
    }

    [Fact]
    public void Silence_of_a_host_ends_no_test()
    {
        var scenario = Scenario.Started($"{Strategy}\ntimeouts: {{unreachable: 1m}}", Estate.Uniform(1, 1)).Running("m0-0");
        scenario.Send(new HostUnreachable("h0", "no answer")).WaitThrough(TimeSpan.FromHours(1)).Status("m0-0").ShouldBe(ItemStatus.Running);
        scenario.Send(new HostReachable("h0")).Effects.OfType<FollowPair>().ShouldBeEmpty();
    }

    [Fact]
    public void Machine_that_is_moved_is_not_tested_and_one_that_is_tested_is_not_moved()
    {
        var holds = new MachineHolds();
        var (test, move) = (Scenario.Planned(Strategy, Estate.Uniform(1, 1)), Scenario.Planned("", Estate.Uniform(1, 1)));
        var (testing, moving) = (holds.GateOf(Guid.NewGuid(), "campaigns/drill"), holds.GateOf(Guid.NewGuid(), "campaigns/home"));
        (test.Machine.Gate, move.Machine.Gate) = (testing, moving);

        move.Send(new StartCampaign(null, "ann")).Initiated.ShouldBe(["m0-0"]);
        test.Send(new StartCampaign(null, "ann")).Initiated.ShouldBeEmpty();
        (test.Status("m0-0"), test.Item("m0-0").Explanation).ShouldBe(
            (ItemStatus.NotReady, "MACHINE_IS_FREE: this machine is being failed back by campaigns/home on h0; a machine is not tested while it is moved."));

        var other = Scenario.Planned(Strategy, Estate.Uniform(1, 1));
        holds = new MachineHolds();
        (other.Machine.Gate, move) = (holds.GateOf(Guid.NewGuid(), "campaigns/drill"), Scenario.Planned("", Estate.Uniform(1, 1)));
        move.Machine.Gate = holds.GateOf(Guid.NewGuid(), "campaigns/home");
        other.Send(new StartCampaign(null, "ann")).Initiated.ShouldBe(["m0-0"]);
        move.Send(new StartCampaign(null, "ann")).Item("m0-0").Explanation.ShouldContain("is being tested by campaigns/drill on h0");
    }

    [Theory]
    [InlineData(HoldState.InFlight, HoldState.InFlight)]
    [InlineData(HoldState.Home, HoldState.Released)]
    [InlineData(HoldState.Unknown, HoldState.Released)]
    public void Test_holds_its_machine_while_it_is_in_flight_and_no_longer(HoldState state, HoldState held)
    {
        var item = Scenario.Planned(Strategy, Estate.Uniform(1, 1)).State.Items[0].Planned;
        MachineHold.Of(Guid.Empty, "campaigns/drill", item, state).ShouldBe(new MachineHold(Guid.Empty, "campaigns/drill", item.VirtualMachineId, "h0", held) { IsTest = true });
        MachineHold.Of(Guid.Empty, "campaigns/home", item with { Steps = null }, state).State.ShouldBe(state);
    }

    [Fact]
    public void Replicas_are_not_checked_ahead()
        => Scenario.Planned(Strategy, Estate.Uniform(1, 1)).Send(new PreflightCampaign()).Rejection!.Message.ShouldContain("before their tests");
}
