using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>Machines that go home host to host: brought in step in any wave, switched wave by wave with an approval, held for a person without being a failure.</summary>
public class HostToHostTests
{
    private const string Home = "home";
    private const string Waves = "waves: [{name: canary, take: 1}, {name: rest}]";

    [Fact]
    public void Copies_of_later_waves_do_not_wait_and_outages_wait_for_their_waves_and_an_approval()
    {
        var scenario = Started($"{Waves}\nstrategy: host-to-host", Estate.Uniform(3, 1));
        scenario.InFlight.ShouldBe(["m0-0", "m1-0", "m2-0"]);

        scenario.Succeed("m1-0").Succeed("m0-0").Initiated.ShouldBeEmpty();
        (scenario.Status("m0-0"), scenario.Status("m1-0"), scenario.Status("m2-0")).ShouldBe((ItemStatus.Synced, ItemStatus.Synced, ItemStatus.Starting));
        scenario.State.Waves[0].WaitingFor.ShouldBe("approval of its outages by an operator");

        scenario.Send(new ApproveWave("rest", "ann", "")).Rejection!.Code.ShouldBe(RejectionCode.GateState);
        scenario.Send(new ApproveWave("canary", "ann", "")).Initiated.ShouldBe(["m0-0"]);
        scenario.Effects.OfType<StartOperation>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            start => (start.Kind, start.Host).ShouldBe((StepKind.SwitchOver, Home)),
            start => (start.Pair!.RecoveryHost, start.Pair.HomeHost, start.Pair.OutageApprovedBy).ShouldBe(("h0", Home, "ann")));

        scenario.Succeed("m0-0").Initiated.ShouldBeEmpty();
        scenario.State.Waves[1].Status.ShouldBe(WaveStatus.Running);
        scenario.Send(new ApproveWave("rest", "ann", "")).Initiated.ShouldBe(["m1-0"]);
        scenario.Succeed("m2-0").Initiated.ShouldBe(["m2-0"]);
        scenario.Succeed("m1-0").Succeed("m2-0").State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Only_the_named_approvers_approve_outages_and_automatic_needs_none()
    {
        var scenario = Started("strategy: {name: host-to-host, outage: {approval: {by: [bob]}}}", Estate.Uniform(1, 1)).Succeed("m0-0");
        scenario.Send(new ApproveWave("all", "ann", "")).Rejection!.Code.ShouldBe(RejectionCode.NotAnApprover);
        scenario.Send(new ApproveWave("all", "bob", "")).Initiated.ShouldBe(["m0-0"]);

        Started("strategy: {name: host-to-host, outage: automatic}", Estate.Uniform(1, 1)).Succeed("m0-0").Initiated.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Wave_may_say_for_itself_who_approves_its_outages()
    {
        var scenario = Started("waves: [{name: canary, take: 1, outage: automatic}, {name: rest, outage: {approval: {by: [bob]}, maxLag: 5m}}]\nstrategy: {name: host-to-host, outage: {approval: {by: [ann]}}}", Estate.Uniform(2, 1));

        scenario.Succeed("m1-0").Succeed("m0-0").Initiated.ShouldBe(["m0-0"]);
        scenario.Effects.OfType<StartOperation>().Single().Pair!.Spec.Outage.ShouldSatisfyAllConditions(outage => outage.Automatic.ShouldBeTrue(), outage => outage.MaxLag.ShouldBeNull());
        scenario.Succeed("m0-0").State.Waves[1].WaitingFor.ShouldBe("approval of its outages by bob");
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));
        scenario.Send(new ApproveWave("rest", "ann", "")).Rejection!.Code.ShouldBe(RejectionCode.NotAnApprover);
        scenario.Send(new ApproveWave("rest", "bob", "")).Effects.OfType<StartOperation>().Single().Pair!.Spec.Outage.MaxLag.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Machine_in_step_holds_no_limit_and_the_limit_of_switches_counts_services_that_are_down()
    {
        var scenario = Started("limits: {campaign: 2, host: 2, switch: 1}\nstrategy: {name: host-to-host, outage: automatic}", Estate.Uniform(3, 1));
        scenario.InFlight.ShouldBe(["m0-0", "m1-0"]);

        scenario.Succeed("m0-0").InFlight.ShouldBe(["m0-0", "m1-0"]);
        scenario.Succeed("m1-0").InFlight.ShouldBe(["m0-0", "m2-0"]);
        scenario.Status("m1-0").ShouldBe(ItemStatus.Synced);
        scenario.Succeed("m0-0").InFlight.ShouldBe(["m1-0", "m2-0"]);
    }

    [Fact]
    public void Held_machine_is_no_failure_frees_its_limits_and_goes_on_in_its_turn()
    {
        var scenario = Started("limits: {host: 1}\ntolerance: {failures: 0}\nstrategy: host-to-host", Estate.Uniform(1, 2));
        scenario.Running("m0-0").Asks("m0-0", "WHICH_SIDE", serviceIsDown: false).Initiated.ShouldBe(["m0-1"]);
        (scenario.Status("m0-0"), scenario.Item("m0-0").FailureReason, scenario.State.Failures, scenario.State.Status).ShouldBe((ItemStatus.Held, "WHICH_SIDE", 0, CampaignStatus.Running));
        scenario.State.Explanation.ShouldEndWith("1 item waits for a person's decision.");

        scenario.Running("m0-0").Initiated.ShouldBeEmpty();
        scenario.Status("m0-0").ShouldBe(ItemStatus.Queued);
        scenario.Succeed("m0-1").Initiated.ShouldBe(["m0-0"]);
        scenario.Item("m0-0").CountedAttempts.ShouldBe(1);
    }

    [Fact]
    public void Machine_that_is_held_with_its_service_down_keeps_its_slot()
    {
        var scenario = Started("limits: {switch: 1}\nstrategy: {name: host-to-host, outage: automatic}", Estate.Uniform(2, 1)).Succeed("m0-0").Succeed("m1-0");
        scenario.Running("m0-0").Asks("m0-0", "UNHEALTHY", serviceIsDown: true).Initiated.ShouldBeEmpty();
        (scenario.Status("m0-0"), scenario.Item("m0-0").IsInFlight).ShouldBe((ItemStatus.Held, true));

        scenario.Running("m0-0").Status("m0-0").ShouldBe(ItemStatus.Running);
        scenario.Succeed("m0-0").Initiated.ShouldBe(["m1-0"]);
    }

    [Fact]
    public void Crash_follows_what_is_in_flight_and_what_is_held_again_from_log_and_snapshot()
    {
        var scenario = Started("strategy: host-to-host", Estate.Uniform(3, 1)).Succeed("m0-0").Running("m1-0").Asks("m1-0", "SPLIT_BRAIN", serviceIsDown: false);
        var snapshot = CampaignSnapshot.Write(scenario.State);

        scenario.Crash().Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Item.ShouldBe(Estate.ItemOf("m1-0"));
        scenario.Initiated.ShouldBe(["m2-0"]);
        scenario.Send(new ApproveWave("all", "ann", "")).Initiated.ShouldBe(["m0-0"]);
        scenario.Running("m0-0").Running("m1-0").Initiated.ShouldBe(["m1-0"]);
        scenario.Crash().Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Kind.ShouldBe(StepKind.SwitchOver);

        var version = CampaignMachine.Replay(snapshot, []).State.Version;
        StateDump.Of(CampaignMachine.Replay(snapshot, scenario.History.Skip((int)version)).State).ShouldBe(StateDump.Of(scenario.State));
    }

    [Fact]
    public void Silence_of_a_host_ends_nothing_and_a_running_machine_is_never_cancelled_half_way()
    {
        var scenario = Started("timeouts: {unreachable: 1m, noProgress: 1m}\nstrategy: host-to-host", Estate.Uniform(1, 1)).Running("m0-0");

        scenario.Send(new HostUnreachable("h0", "no answer")).WaitThrough(TimeSpan.FromHours(1)).Status("m0-0").ShouldBe(ItemStatus.Running);
        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), ConfirmPossibleDataLoss: true, "ann", "")).Rejection!.Message.ShouldContain("failback vm rollback");
    }

    [Fact]
    public void Machine_whose_dependency_failed_while_it_was_brought_in_step_is_skipped()
    {
        var scenario = Started("tolerance: {failures: 5}\ndependencies: [{item: {vm: m1-0}, after: {vm: m0-0}}]\nstrategy: {name: host-to-host, outage: automatic}", Estate.Uniform(2, 1));
        scenario.InFlight.ShouldBe(["m0-0", "m1-0"]);

        scenario.Fail("m0-0").Status("m1-0").ShouldBe(ItemStatus.Starting);
        scenario.Succeed("m1-0").Status("m1-0").ShouldBe(ItemStatus.Skipped);
        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);
    }

    [Fact]
    public void Held_machine_that_is_skipped_is_followed_no_more_and_nothing_moves_after_the_campaign_was_stopped()
    {
        var scenario = Started("strategy: host-to-host", Estate.Uniform(2, 1)).Asks("m0-0", "WHICH_SIDE", serviceIsDown: false).Asks("m1-0", "WHICH_SIDE", serviceIsDown: false);

        scenario.Send(new SkipItem(Estate.ItemOf("m0-0"), "ann", "by hand")).Effects.OfType<StopFollowing>().ShouldHaveSingleItem().Item.ShouldBe(Estate.ItemOf("m0-0"));
        scenario.Send(new StopCampaign("ann", "enough")).State.Status.ShouldBe(CampaignStatus.Stopped);
        scenario.Effects.OfType<StopFollowing>().ShouldHaveSingleItem().Item.ShouldBe(Estate.ItemOf("m1-0"));
        scenario.Running("m1-0").Events.ShouldBeEmpty();
        scenario.Status("m1-0").ShouldBe(ItemStatus.Held);
        scenario.Send(new RetryItems([], "ann", "")).Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Item.ShouldBe(Estate.ItemOf("m1-0"));
        scenario.Running("m1-0").Initiated.ShouldBe(["m1-0"]);
    }

    [Fact]
    public void Outages_of_a_wave_that_is_opened_again_are_approved_again()
    {
        var scenario = Started("tolerance: {failures: 5}\nstrategy: host-to-host", Estate.Uniform(2, 1)).Succeed("m0-0").Succeed("m1-0").Send(new ApproveWave("all", "ann", ""));
        scenario.Fail("m0-0").Succeed("m1-0");

        scenario.Send(new RetryItems([Estate.ItemOf("m0-0")], "ann", "")).Initiated.ShouldBeEmpty();
        scenario.Send(new ApproveWave("all", "ann", "")).Initiated.ShouldBe(["m0-0"]);
    }

    [Theory]
    [InlineData("host: 1")]
    [InlineData("site: 1")]
    [InlineData("link: 1")]
    public void Limits_count_a_machine_at_both_its_hosts(string limit)
    {
        // Two hosts over there and one at home, whose place, site or link both machines need.
        var scenario = Started($"limits: {{{limit}}}\nstrategy: {{name: host-to-host, outage: automatic}}", Estate.Uniform(2, 1));
        scenario.InFlight.ShouldBe(["m0-0"]);
        scenario.Succeed("m0-0").InFlight.ShouldBe(["m0-0"]);
        WhyNot.Of(scenario.State, scenario.Item("m1-0"), scenario.Now)!.Code.ShouldBe("LIMIT");
        scenario.Succeed("m0-0").InFlight.ShouldBe(["m1-0"]);

        var peaks = CampaignMachine.Replay(scenario.History).State;
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(peaks));
    }

    [Fact]
    public void Breaker_that_is_open_at_the_other_host_stops_new_steps_and_no_other_ones()
    {
        var scenario = Started("tolerance: {failures: 100%, perHost: 0}\nlimits: {host: 2}\nretry: {attempts: 1}\nstrategy: {name: host-to-host, outage: automatic}", Estate.Uniform(4, 1));
        scenario.InFlight.ShouldBe(["m0-0", "m1-0"]);
        scenario.Succeed("m0-0").Succeed("m1-0").Fail("m0-0");

        scenario.InFlight.ShouldBe(["m1-0"]);
        WhyNot.Of(scenario.State, scenario.Item("m2-0"), scenario.Now)!.ShouldSatisfyAllConditions(wait => (wait.Code, wait.Subject).ShouldBe(("BREAKER", Home)), wait => wait.EarliestTime.ShouldNotBeNull());
        scenario.WaitThrough(TimeSpan.FromHours(1)).Succeed("m1-0").InFlight.ShouldBe(["m2-0", "m3-0"]);
    }

    [Fact]
    public void Phases_begin_in_their_windows_and_what_is_under_way_goes_on()
    {
        // It is 20:00 on a Saturday.
        var scenario = Started(
            "windows: {sync: {opens: '22:00', closes: '06:00', timeZone: UTC}, switch: {opens: Sun 01:00, closes: Sun 02:00, timeZone: UTC}}\nlimits: {host: 1}\nstrategy: {name: host-to-host, outage: automatic}",
            Estate.Uniform(1, 2));
        scenario.InFlight.ShouldBeEmpty();
        scenario.State.Status.ShouldBe(CampaignStatus.Running);
        Wait(scenario, "m0-0").ShouldBe(("WINDOW", "sync", Scenario.Begin.AddHours(2)));

        scenario.WaitThrough(TimeSpan.FromHours(2)).InFlight.ShouldBe(["m0-0"]);
        scenario.Succeed("m0-0").InFlight.ShouldBe(["m0-1"]);
        Wait(scenario, "m0-0").ShouldBe(("WINDOW", "switch", Scenario.Begin.AddHours(5)));
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));

        scenario.WaitThrough(TimeSpan.FromHours(3)).InFlight.ShouldBe(["m0-1"]);
        Wait(scenario, "m0-0").Code.ShouldBe("LIMIT");
        scenario.Succeed("m0-1").InFlight.ShouldBe(["m0-0"]);
        scenario.WaitThrough(TimeSpan.FromHours(2)).Crash().InFlight.ShouldBe(["m0-0"]);
        scenario.Succeed("m0-0").InFlight.ShouldBeEmpty();
        Wait(scenario, "m0-1").ShouldBe(("WINDOW", "switch", Scenario.Begin.AddDays(7).AddHours(5)));
        scenario.WaitThrough(TimeSpan.FromDays(7)).InFlight.ShouldBe(["m0-1"]);
    }

    [Fact]
    public void Window_that_opened_and_closed_while_no_coordinator_ran_tells_when_it_opens_next()
    {
        var scenario = Started("windows: {sync: {opens: '22:00', closes: '23:00', timeZone: UTC}}\nstrategy: host-to-host", Estate.Uniform(1, 1));
        scenario.Now += TimeSpan.FromHours(4);

        scenario.Crash().InFlight.ShouldBeEmpty();
        Wait(scenario, "m0-0").ShouldBe(("WINDOW", "sync", Scenario.Begin.AddDays(1).AddHours(2)));
        scenario.Crash().Events.OfType<PhaseWindowChanged>().ShouldBeEmpty();
    }

    [Fact]
    public void Each_phase_has_its_own_timeout_and_rest_has_none()
    {
        var scenario = Started("timeouts: {item: 30m, noProgress: 90h, phase: {sync: 48h, switch: 1h}}\nstrategy: host-to-host", Estate.Uniform(1, 1)).Running("m0-0");

        scenario.WaitThrough(TimeSpan.FromHours(47)).Item("m0-0").Explanation.ShouldBeEmpty();
        scenario.WaitThrough(TimeSpan.FromHours(2)).Item("m0-0").Explanation.ShouldStartWith("It did not finish within 48h");
        scenario.Succeed("m0-0").WaitThrough(TimeSpan.FromDays(30)).Status("m0-0").ShouldBe(ItemStatus.Synced);
        scenario.Send(new ApproveWave("all", "ann", "")).Running("m0-0").WaitThrough(TimeSpan.FromMinutes(61)).Item("m0-0").Explanation.ShouldStartWith("It did not finish within 1h");
        scenario.Status("m0-0").ShouldBe(ItemStatus.Running);
    }

    [Fact]
    public void Machines_that_go_down_together_wait_for_the_last_of_them()
    {
        var scenario = Started("together: [{vm: 'm*-0'}]\ntolerance: {failures: 5}\nretry: {attempts: 1}\nstrategy: {name: host-to-host, outage: automatic}", Estate.Uniform(3, 2));
        scenario.InFlight.ShouldBe(["m0-0", "m1-0", "m2-0"]);
        scenario.Succeed("m0-0").Initiated.ShouldBe(["m0-1"]);
        var wait = WhyNot.Of(scenario.State, scenario.Item("m0-0"), scenario.Now)!;
        (wait.Code, wait.Subject, wait.Act).ShouldBe(("TOGETHER", "m*-0", ""));
        wait.Explanation.ShouldContain("m1-0");

        // One that a person must decide about keeps the others.
        scenario.Asks("m1-0", "WHICH_SIDE", serviceIsDown: false).Succeed("m2-0");
        (scenario.Status("m0-0"), scenario.Status("m2-0")).ShouldBe((ItemStatus.Synced, ItemStatus.Synced));
        scenario.Crash();
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));

        // Others copy on, and a place is free when one of them is in step.
        scenario.Running("m1-0").Succeed("m0-1").Succeed("m0-1");
        scenario.Succeed("m1-0").Initiated.ShouldContain("m0-0");
    }

    [Fact]
    public void Machines_that_cannot_go_down_together_are_skipped_and_retried_with_the_one_that_failed()
    {
        var scenario = Started("together: [{vm: '*'}]\ntolerance: {failures: 5}\nretry: {attempts: 1}\nstrategy: {name: host-to-host, outage: automatic}", Estate.Uniform(3, 1));
        scenario.Succeed("m0-0").Fail("m1-0");
        (scenario.Status("m0-0"), scenario.Item("m0-0").Explanation).ShouldBe((ItemStatus.Skipped, $"It goes down together with m1-0 ({Estate.ItemOf("m1-0")}), which ended FAILED."));
        scenario.Succeed("m2-0").Status("m2-0").ShouldBe(ItemStatus.Skipped);
        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);

        scenario.Send(new RetryItems([], "ann", "")).Initiated.ShouldBe(["m1-0"]);
        scenario.Succeed("m1-0").Initiated.ShouldBe(["m0-0", "m1-0", "m2-0"]);

        scenario.Succeed("m0-0").Fail("m1-0").Succeed("m2-0").Send(new RetryItems([], "ann", "")).Initiated.ShouldBe(["m1-0"]);
        scenario.Succeed("m1-0").State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Person_who_names_a_machine_lets_it_go_without_the_one_that_failed()
    {
        var scenario = Started("together: [{vm: '*'}]\ntolerance: {failures: 5}\nretry: {attempts: 1}\nstrategy: {name: host-to-host, outage: automatic}", Estate.Uniform(2, 1));

        scenario.Succeed("m0-0").Fail("m1-0").Send(new RetryItems([Estate.ItemOf("m0-0")], "ann", "")).Initiated.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Machine_that_a_person_leaves_out_lets_the_others_go()
    {
        var scenario = Started("together: [{vm: '*'}]\nstrategy: {name: host-to-host, outage: automatic}", Estate.Uniform(3, 1)).Succeed("m0-0").Succeed("m1-0");
        scenario.Asks("m2-0", "WHICH_SIDE", serviceIsDown: false);

        scenario.Send(new SkipItem(Estate.ItemOf("m2-0"), "ann", "by hand")).Initiated.ShouldBe(["m0-0", "m1-0"]);
    }

    [Fact]
    public void Campaign_that_is_stopped_finishes_its_outages_or_takes_them_back_as_asked()
    {
        var scenario = Started("strategy: {name: host-to-host, outage: automatic}", Estate.Uniform(3, 1)).Succeed("m0-0").Running("m0-0").Succeed("m1-0");

        scenario.Send(new StopCampaign("ann", "enough")).Effects.OfType<FollowPair>().ShouldBeEmpty();
        scenario.Send(new StopCampaign("ann", "back") { TakesBack = true }).Effects.OfType<FollowPair>().Select(follow => (follow.Step.Item, follow.Step.Pair!.GoesBack))
            .ShouldBe([(Estate.ItemOf("m0-0"), true), (Estate.ItemOf("m1-0"), true)]);
        scenario.Send(new StopCampaign("ann", "back") { TakesBack = true }).Events.ShouldBeEmpty();
        var crashed = scenario.Crash();
        crashed.Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Pair!.GoesBack.ShouldBeTrue();
        crashed.Effects.OfType<StartOperation>().Select(start => start.Pair!.GoesBack).ShouldBe([true, false], "the one in its outage goes back, the one that is brought in step is");
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));

        scenario.Send(new AttemptCancelled(Estate.ItemOf("m0-0"), scenario.Item("m0-0").Attempt, "Rolled back.")).Status("m0-0").ShouldBe(ItemStatus.Cancelled);
        scenario.Succeed("m1-0").Succeed("m2-0").State.Status.ShouldBe(CampaignStatus.Stopped);
        scenario.Send(new RetryItems([], "ann", "")).Initiated.ShouldBe(["m2-0"]);
        scenario.Effects.OfType<StartOperation>().ShouldAllBe(start => !start.Pair!.GoesBack);
    }

    private static (string? Code, string? Subject, DateTimeOffset? Time) Wait(Scenario scenario, string machine)
        => WhyNot.Of(scenario.State, scenario.Item(machine), scenario.Now) is { } wait ? (wait.Code, wait.Subject, wait.EarliestTime) : default;

    /// <summary>Every machine goes to one host at home, which has a copy of each.</summary>
    [Fact]
    public void Machine_that_is_only_protected_ends_where_it_runs_in_its_wave_and_without_an_approval()
    {
        var scenario = Started($"{Waves}\nstrategy: {{name: host-to-host, goal: protect, attach: automatic}}", Estate.Uniform(2, 1));
        scenario.State.Waves.ShouldAllBe(wave => !wave.NeedsOutageApproval);
        scenario.Succeed("m1-0");
        scenario.Item("m1-0").Status.ShouldBe(ItemStatus.Synced, "its wave has not begun");
        scenario.Succeed("m0-0");

        var started = scenario.Item("m0-0");
        (started.StepKind, started.Host.Name, started.IsInFlight).ShouldBe((StepKind.Protect, Home, true));
        scenario.Succeed("m0-0").Succeed("m1-0");
        scenario.State.Status.ShouldBe(CampaignStatus.Completed);
        MachineHold.Of(Guid.Empty, "campaigns/a", started.Planned, HoldState.Home).State.ShouldBe(HoldState.Released);
    }

    internal static Scenario Started(string spec, EstateView estate) => Scenario.Started(spec, Estate.WithHome(estate, Home));
}
