using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>Machines that go to their replica and come back: one campaign, two ways, an approval for each, and a while at the recovery site between.</summary>
public class PlannedDrillTests
{
    private const string There = "r0";

    [Fact]
    public void Machine_goes_there_is_left_running_and_comes_home_with_an_approval_of_each_way()
    {
        var scenario = Started("strategy: {name: planned-drill, soak: 4h, proof: {validFor: 90d}}");
        Step(scenario).ShouldBe((StepKind.Synchronize, "h0", "h0", There, false));
        scenario.Succeed("m0-0").State.Waves[0].WaitingFor.ShouldBe("approval of its outages by an operator");
        scenario.Send(new ApproveWave("all", "ann", "")).Initiated.ShouldBe(["m0-0"]);
        Step(scenario).ShouldBe((StepKind.SwitchOver, There, "h0", There, false));
        scenario.Effects.OfType<StartOperation>().Single().Pair!.ShouldSatisfyAllConditions(
            pair => pair.OutageApprovedBy.ShouldBe("ann"),
            pair => pair.Drill.ShouldBe(new PairDrill(IsWayBack: false, "ann", TimeSpan.FromDays(90))));

        scenario.Succeed("m0-0").Initiated.ShouldBeEmpty();
        (scenario.Status("m0-0"), scenario.Item("m0-0").NextAttemptTime).ShouldBe((ItemStatus.Queued, Scenario.Begin + TimeSpan.FromHours(4)));
        WhyNot.Of(scenario.State, scenario.Item("m0-0"), scenario.Now).ShouldBe(
            new ItemWait("SOAK", "all", "The job completed. It is left running there until 2026-11-22 00:00:00Z.", Scenario.Begin + TimeSpan.FromHours(4), "failback campaign end-soak test all"));
        scenario.WaitThrough(TimeSpan.FromHours(4) - TimeSpan.FromSeconds(1)).Initiated.ShouldBeEmpty();
        scenario.Wait(TimeSpan.FromSeconds(1)).Initiated.ShouldBe(["m0-0"]);
        Step(scenario).ShouldBe((StepKind.Synchronize, There, There, "h0", true));

        scenario.Succeed("m0-0").Initiated.ShouldBeEmpty();
        (scenario.Status("m0-0"), scenario.State.Waves[0].WaitingFor).ShouldBe((ItemStatus.Synced, "approval of its way back by an operator"));
        WhyNot.Of(scenario.State, scenario.Item("m0-0"), scenario.Now)!.ShouldSatisfyAllConditions(wait => wait.Code.ShouldBe("WAY_BACK_APPROVAL"), wait => wait.Act.ShouldBe("failback campaign approve test all --way-back"));
        scenario.Send(new ApproveWave("all", "ann", "")).Rejection!.Message.ShouldContain("--way-back");
        scenario.Send(new ApproveWave("all", "bob", "") { WayBack = true }).Initiated.ShouldBe(["m0-0"]);
        Step(scenario).ShouldBe((StepKind.SwitchOver, "h0", There, "h0", true));
        scenario.Effects.OfType<StartOperation>().Single().Pair!.OutageApprovedBy.ShouldBe("bob");
        scenario.Send(new ApproveWave("all", "bob", "") { WayBack = true }).Events.ShouldBeEmpty();

        scenario.Succeed("m0-0").State.Status.ShouldBe(CampaignStatus.Completed);
        scenario.State.Waves[0].WaitingFor.ShouldBeEmpty();
    }

    [Fact]
    public void Soak_that_a_person_ends_brings_what_is_there_home_and_nothing_that_arrives_later()
    {
        var scenario = Started("strategy: {name: planned-drill, soak: 4h, outage: automatic, rehearse: false}", machines: 2);
        scenario.Send(new EndSoak("all", "ann", "")).Rejection!.Code.ShouldBe(RejectionCode.GateState);
        scenario.Send(new EndSoak("none", "ann", "")).Rejection!.Code.ShouldBe(RejectionCode.NoGate);
        scenario.Succeed("m0-0").Succeed("m0-0").Succeed("m0-1");

        scenario.Send(new EndSoak("all", "ann", "the users are content")).Initiated.ShouldBe(["m0-0"]);
        Step(scenario).ShouldBe((StepKind.Synchronize, There, There, "h0", true));
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));
        scenario.Succeed("m0-1").Initiated.ShouldBeEmpty();
        WhyNot.Of(scenario.State, scenario.Item("m0-1"), scenario.Now)!.Code.ShouldBe("SOAK");
        scenario.Send(new PauseCampaign("ann", "")).Send(new EndSoak("all", "ann", "")).Initiated.ShouldBeEmpty();
        scenario.Send(new ResumeCampaign("ann", "")).Initiated.ShouldBe(["m0-1"]);
    }

    [Fact]
    public void Outages_that_need_no_approval_need_none_on_either_way_and_no_soak_goes_on_at_once()
    {
        var scenario = Started("strategy: {name: planned-drill, soak: 0s, outage: automatic}");
        for (var step = 0; step < 4; step++)
        {
            scenario.Initiated.ShouldBe(["m0-0"]);
            scenario.Succeed("m0-0");
        }

        scenario.State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Way_back_is_approved_by_its_approvers_alone_and_only_of_a_drill()
    {
        var scenario = Started("strategy: {name: planned-drill, outage: {approval: {by: [bob]}}}");
        scenario.Send(new ApproveWave("all", "ann", "") { WayBack = true }).Rejection!.Code.ShouldBe(RejectionCode.NotAnApprover);
        scenario.Send(new ApproveWave("none", "bob", "") { WayBack = true }).Rejection!.Code.ShouldBe(RejectionCode.NoGate);
        scenario.Send(new ApproveWave("all", "bob", "both ways") { WayBack = true }).Rejection.ShouldBeNull();
        scenario.Succeed("m0-0").Initiated.ShouldBeEmpty();
        scenario.State.Waves[0].WaitingFor.ShouldBe("approval of its outages by bob");

        Scenario.Started("strategy: test-failover", Estate.Uniform(1, 1)).Send(new ApproveWave("all", "ann", "") { WayBack = true }).Rejection!.Code.ShouldBe(RejectionCode.NoGate);
    }

    [Fact]
    public void Limits_count_the_machine_at_both_its_hosts_on_both_ways()
    {
        var scenario = Started("limits: {host: 1, switch: 1}\nstrategy: {name: planned-drill, soak: 0s, outage: automatic, rehearse: false}", machines: 2);
        scenario.InFlight.ShouldBe(["m0-0"]);
        var ends = 0;
        while (scenario.State.Status == CampaignStatus.Running && ends++ < 20)
        {
            scenario.InFlight.Count.ShouldBe(1);
            scenario.State.Hosts.ShouldAllBe(host => host.Load <= 1);
            scenario.Succeed(scenario.InFlight[0]);
        }

        (scenario.State.Status, ends).ShouldBe((CampaignStatus.Completed, 8));
        scenario.State.Hosts.ShouldAllBe(host => host.Load == 0);
    }

    [Fact]
    public void Machines_that_go_down_together_do_so_on_both_ways_and_one_that_fails_there_keeps_no_other_from_coming_home()
    {
        var scenario = Started("tolerance: {failures: 1}\nstrategy: {name: planned-drill, soak: 0s, outage: automatic}\ntogether: [{vm: m0-*}]", machines: 3);
        scenario.Succeed("m0-0").Succeed("m0-1").Initiated.ShouldBeEmpty();
        scenario.Succeed("m0-2").Initiated.ShouldBe(["m0-0", "m0-1", "m0-2"], ignoreOrder: true);

        // The way there of the others goes on although one is beyond it already.
        scenario.Succeed("m0-0").Succeed("m0-0").Initiated.ShouldBeEmpty();
        scenario.Succeed("m0-1").Succeed("m0-1").Initiated.ShouldBeEmpty();
        WhyNot.Of(scenario.State, scenario.Item("m0-1"), scenario.Now)!.Code.ShouldBe("TOGETHER");
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));
        scenario.Fail("m0-2").Initiated.ShouldBe(["m0-0", "m0-1"], ignoreOrder: true);
        scenario.Succeed("m0-0").Succeed("m0-1").State.Counts[ItemStatus.Succeeded].ShouldBe(2);
    }

    [Fact]
    public void Later_wave_leaves_when_the_one_before_is_home_again_and_its_gate_is_passed()
    {
        var scenario = Started("waves: [{name: canary, take: 1}, {name: rest}]\nstrategy: {name: planned-drill, soak: 0s, outage: automatic}", machines: 2);
        scenario.Succeed("m0-1").Succeed("m0-0").Succeed("m0-0").Succeed("m0-0").InFlight.ShouldBe(["m0-0"]);
        scenario.Status("m0-1").ShouldBe(ItemStatus.Synced);
        scenario.Succeed("m0-0").Initiated.ShouldBe(["m0-1"]);
    }

    [Fact]
    public void Crash_forgets_neither_the_soak_nor_the_approvals_from_log_and_snapshot()
    {
        var scenario = Started("strategy: {name: planned-drill, soak: 1h}").Succeed("m0-0").Send(new ApproveWave("all", "ann", "")).Succeed("m0-0").Send(new ApproveWave("all", "ann", "") { WayBack = true });
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));

        scenario.Crash().Initiated.ShouldBeEmpty();
        scenario.Wait(TimeSpan.FromHours(1)).Initiated.ShouldBe(["m0-0"]);
        scenario.Succeed("m0-0").Initiated.ShouldBe(["m0-0"]);
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));
        scenario.Crash().Effects.OfType<StartOperation>().Single().Pair!.HomeHost.ShouldBe("h0");
    }

    [Fact]
    public void Campaign_that_is_stopped_lets_nothing_more_leave_and_takes_back_only_what_has_not_arrived()
    {
        var scenario = Started("limits: {switch: 1}\nstrategy: {name: planned-drill, soak: 0s, outage: automatic}", machines: 2).Succeed("m0-0").Succeed("m0-1");
        scenario.Send(new StopCampaign("ann", "enough") { TakesBack = true }).Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Pair!.GoesBack.ShouldBeTrue();

        var home = Started("strategy: {name: planned-drill, soak: 0s, outage: automatic}").Succeed("m0-0").Succeed("m0-0").Succeed("m0-0");
        home.Send(new StopCampaign("ann", "enough") { TakesBack = true }).Effects.OfType<FollowPair>().ShouldHaveSingleItem().Step.Pair!.GoesBack.ShouldBeFalse();
        home.Succeed("m0-0").State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Campaign_that_was_stopped_during_the_soak_brings_its_machines_home_when_it_is_retried()
    {
        var scenario = Started("strategy: {name: planned-drill, soak: 1h, outage: automatic}").Succeed("m0-0").Succeed("m0-0").Send(new StopCampaign("ann", "enough"));
        scenario.State.Status.ShouldBe(CampaignStatus.Stopped);
        scenario.WaitThrough(TimeSpan.FromHours(2)).Initiated.ShouldBeEmpty();
        scenario.Send(new RetryItems([], "ann", "bring it home")).WaitThrough(TimeSpan.FromHours(1)).InFlight.ShouldBe(["m0-0"]);
        scenario.Item("m0-0").StepKind.ShouldBe(StepKind.Synchronize);
        scenario.Succeed("m0-0").Succeed("m0-0").State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Machine_that_fails_on_its_way_back_is_retried_from_there()
    {
        var scenario = Started("tolerance: {failures: 100%}\nstrategy: {name: planned-drill, soak: 0s, outage: automatic}").Succeed("m0-0").Succeed("m0-0").Succeed("m0-0").Fail("m0-0");
        scenario.Send(new RetryItems([Estate.ItemOf("m0-0")], "ann", "")).Initiated.ShouldBe(["m0-0"]);
        Step(scenario).ShouldBe((StepKind.SwitchOver, "h0", There, "h0", true));
    }

    [Theory]
    [InlineData(HoldState.InFlight, HoldState.InFlight)]
    [InlineData(HoldState.Home, HoldState.Released)]
    [InlineData(HoldState.Unknown, HoldState.Unknown)]
    public void Drill_holds_its_machine_until_it_is_home_and_has_then_moved_nothing(HoldState state, HoldState held)
        => MachineHold.Of(Guid.Empty, "campaigns/drill", Started("strategy: planned-drill").State.Items[0].Planned, state).State.ShouldBe(held);

    [Fact]
    public void Link_is_one_whichever_way_it_is_used()
    {
        // Two hosts that protect each other's machines.
        var estate = new EstateView([
            new EstateHost { Name = "a", Site = "east", PrimarySite = "west", VirtualMachines = [Estate.Machine("of-a"), Estate.Machine("of-b", "it is a replica")] },
            new EstateHost { Name = "b", Site = "west", PrimarySite = "east", VirtualMachines = [Estate.Machine("of-b"), Estate.Machine("of-a", "it is a replica")] },
        ]);
        var scenario = Scenario.Started("limits: {link: 1}\nstrategy: {name: planned-drill, soak: 0s, outage: automatic}", estate);
        for (var ends = 0; ends < 8; ends++)
        {
            scenario.InFlight.Count.ShouldBe(1);
            scenario.Succeed(scenario.InFlight[0]);
        }

        scenario.State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Theory]
    [InlineData("together: [{vm: m0-*}]\ndependencies: [{item: {vm: m0-1}, after: {vm: m0-0}}]", true)]
    [InlineData("together: [{vm: n}, {vm: m0-*}]\ndependencies: [{item: {vm: m0-1}, after: {vm: m0-0}}]", true)]
    [InlineData("together: [{vm: m0-*}]\ndependencies: [{item: {vm: m0-1}, after: {vm: n}}, {item: {vm: n}, after: {vm: m0-0}}]", true)]
    [InlineData("together: [{vm: m0-*}]\ndependencies: [{item: {vm: n}, after: {vm: m0-*}}]", false)]
    [InlineData("together: [{vm: m0-*}]\ndependencies: [{item: {vm: m0-*}, after: {vm: n}}]", false)]
    public void Set_whose_machines_wait_for_each_other_is_no_plan_since_none_would_come_home(string lines, bool refused)
    {
        var production = Estate.Host("h0: m0-0 m0-1 m0-2 n") with { Site = "east" };
        var replicas = new EstateHost { Name = There, Site = "west", PrimarySite = "east", VirtualMachines = [.. production.VirtualMachines.Select(machine => machine with { Mode = ReplicaMode.Replica, IneligibleReason = "it is a replica" })] };
        CampaignPlanner.Plan(CampaignDocument.Parse(Scenario.Document($"strategy: planned-drill\n{lines}"), "test.yaml").Require(), new EstateView([production, replicas]))
            .Problems.Select(problem => (problem.Kind, problem.Path)).ShouldBe(refused ? [(PlanProblemKind.Together, "spec.together")] : []);

        // Home host to host, the second machine goes down when the first is home.
        CampaignPlanner.Plan(CampaignDocument.Parse(Scenario.Document($"strategy: host-to-host\n{lines}"), "test.yaml").Require(), Estate.WithHome(Estate.Of("h0: m0-0 m0-1 m0-2 n"), "home")).Problems.ShouldBeEmpty();
    }

    private static (StepKind Kind, string Host, string From, string To, bool IsWayBack) Step(Scenario scenario)
        => scenario.Effects.OfType<StartOperation>().Single() is var start ? (start.Kind, start.Host, start.Pair!.RecoveryHost, start.Pair.HomeHost, start.Pair.Drill!.IsWayBack) : default;

    internal static Scenario Started(string spec, int machines = 1)
    {
        var production = Estate.Uniform(1, machines).Hosts[0] with { Site = "east" };
        var replicas = new EstateHost { Name = There, Site = "west", PrimarySite = "east", VirtualMachines = [.. production.VirtualMachines.Select(machine => machine with { Mode = ReplicaMode.Replica, IneligibleReason = "it is a replica" })] };
        return Scenario.Started(spec, new EstateView([production, replicas]));
    }
}
