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

    /// <summary>Every machine goes to one host at home, which has a copy of each.</summary>
    private static Scenario Started(string spec, EstateView estate)
    {
        var home = new EstateHost
        {
            Name = Home,
            Site = "east",
            VirtualMachines = [.. estate.Hosts.SelectMany(host => host.VirtualMachines).Select(machine => machine with { IneligibleReason = "production does not run here" })],
        };
        return Scenario.Planned(spec, new EstateView([.. estate.Hosts, home])).Send(new StartCampaign(null, "ann"));
    }
}
