using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>An approval of a wave's outages is good for what could go down when it was given: what was held, or had ended, needs one of its own when it goes on.</summary>
public sealed class OutageApprovalTests
{
    [Fact]
    public void Machine_that_was_held_at_the_approval_goes_down_after_one_of_its_own()
    {
        var scenario = HostToHostTests.Started("strategy: {name: host-to-host, outage: {approval: {by: [ann, bob]}}}", Estate.Uniform(3, 1)).Succeed("m0-0").Asks("m1-0", "REHEARSAL_FAILED", serviceIsDown: false);

        // The third one is still brought in step: it is approved with the first.
        scenario.Send(new ApproveWave("all", "ann", "")).Initiated.ShouldBe(["m0-0"]);
        scenario.Events.OfType<WaveOutagesApproved>().Single().Except.ShouldBe([scenario.Item("m1-0").Index]);
        scenario.Send(new ApproveWave("all", "bob", "")).Rejection!.ShouldSatisfyAllConditions(
            rejection => rejection.Code.ShouldBe(RejectionCode.GateState),
            rejection => rejection.Message.ShouldContain("m1-0, which is HELD"));
        scenario.Succeed("m2-0").Initiated.ShouldBe(["m2-0"]);

        scenario.Running("m1-0").Initiated.ShouldBe(["m1-0"], "it is brought in step");
        (scenario.State.Waves[0].WaitingFor, scenario.State.Waves[0].AwaitsApproval).ShouldBe(("", false));
        scenario.Succeed("m1-0").Initiated.ShouldBeEmpty();
        scenario.State.Waves[0].WaitingFor.ShouldBe("approval by ann or bob of 1 outage that the one given left out");
        scenario.State.Waves[0].AwaitsApproval.ShouldBeTrue();
        var wait = WhyNot.Of(scenario.State, scenario.Item("m1-0"), scenario.Now)!;
        (wait.Code, wait.Subject, wait.Act).ShouldBe(("OUTAGE_APPROVAL", "all", "failback campaign approve test all"));
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));

        scenario.Crash().Initiated.ShouldBe(["m0-0", "m2-0"], ignoreOrder: true);
        scenario.Send(new ApproveWave("all", "eve", "")).Rejection!.Code.ShouldBe(RejectionCode.NotAnApprover);
        scenario.Send(new ApproveWave("all", "bob", "")).Initiated.ShouldBe(["m1-0"]);
        scenario.Effects.OfType<StartOperation>().Single().Pair!.OutageApprovedBy.ShouldBe("bob");
        scenario.State.Waves[0].OutagesApprovedBy.ShouldBe("ann");
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));
        scenario.Succeed("m0-0").Succeed("m1-0").Succeed("m2-0").State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Machine_that_had_failed_at_the_approval_and_is_tried_again_needs_its_own()
    {
        var scenario = HostToHostTests.Started("tolerance: {failures: 5}\nretry: {attempts: 1}\nstrategy: host-to-host", Estate.Uniform(2, 1)).Fail("m0-0").Send(new ApproveWave("all", "ann", ""));

        scenario.Send(new RetryItems([Estate.ItemOf("m0-0")], "ann", "")).Initiated.ShouldBe(["m0-0"]);
        scenario.Succeed("m0-0").Initiated.ShouldBeEmpty();
        scenario.Send(new ApproveWave("all", "ann", "")).Initiated.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Machine_that_failed_after_the_approval_was_approved()
    {
        var scenario = HostToHostTests.Started("tolerance: {failures: 5}\nretry: {attempts: 1}\nstrategy: host-to-host", Estate.Uniform(2, 1)).Send(new ApproveWave("all", "ann", "")).Fail("m0-0");

        scenario.Send(new RetryItems([Estate.ItemOf("m0-0")], "ann", "")).Succeed("m0-0").Initiated.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Machines_that_go_down_together_wait_for_the_approval_of_the_one_that_was_left_out()
    {
        var scenario = HostToHostTests.Started("together: [{vm: '*'}]\nstrategy: host-to-host", Estate.Uniform(2, 1)).Succeed("m0-0").Asks("m1-0", "WHICH_SIDE", serviceIsDown: false);
        scenario.Send(new ApproveWave("all", "ann", "")).Running("m1-0").Succeed("m1-0").Initiated.ShouldBeEmpty();

        WhyNot.Of(scenario.State, scenario.Item("m0-0"), scenario.Now)!.ShouldSatisfyAllConditions(
            wait => wait.Code.ShouldBe("TOGETHER"), wait => wait.Explanation.ShouldEndWith("m1-0 is SYNCED and waits for the approval of its outage."));
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));
        scenario.Send(new ApproveWave("all", "ann", "")).Initiated.ShouldBe(["m0-0", "m1-0"]);
    }

    [Fact]
    public void Way_back_of_a_drill_leaves_out_what_is_held_when_it_is_approved()
    {
        var scenario = PlannedDrillTests.Started("strategy: {name: planned-drill, soak: 0s}", machines: 2).Succeed("m0-0").Succeed("m0-1").Send(new ApproveWave("all", "ann", "")).Succeed("m0-0").Succeed("m0-1");
        scenario.Asks("m0-1", "REHEARSAL_FAILED", serviceIsDown: false).Send(new ApproveWave("all", "ann", "") { WayBack = true }).Succeed("m0-0").Initiated.ShouldBe(["m0-0"]);

        scenario.Running("m0-1").Succeed("m0-1").Initiated.ShouldBeEmpty();
        WhyNot.Of(scenario.State, scenario.Item("m0-1"), scenario.Now)!.Act.ShouldBe("failback campaign approve test all --way-back");
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));
        scenario.Send(new ApproveWave("all", "bob", "") { WayBack = true }).Initiated.ShouldBe(["m0-1"]);
        scenario.Effects.OfType<StartOperation>().Single().Pair!.OutageApprovedBy.ShouldBe("bob");
    }

    [Fact]
    public void Approval_that_leaves_nothing_out_says_nothing_of_it()
    {
        var scenario = HostToHostTests.Started("strategy: host-to-host", Estate.Uniform(1, 1)).Succeed("m0-0").Send(new ApproveWave("all", "ann", ""));

        CampaignEventCodec.Write(scenario.Events.OfType<WaveOutagesApproved>().Single()).ShouldNotContain("except");
    }
}
