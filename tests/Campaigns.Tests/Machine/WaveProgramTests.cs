using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>Programs that are run once for a wave: before its first service goes down, and after its last machine has ended.</summary>
public class WaveProgramTests
{
    private const string Once = "once: {beforeOutages: freeze.sh, afterEnd: thaw.sh}";
    private const string Document = $"waves: [{{name: canary, take: 2, {Once}}}, {{name: rest}}]\nstrategy: {{name: host-to-host, outage: automatic}}";

    [Fact]
    public void Program_is_run_once_before_the_first_outage_and_once_after_the_last_machine_and_the_next_wave_waits_for_it()
    {
        var scenario = Started(Document, 3);
        scenario.Succeed("m2-0").Effects.OfType<RunWaveProgram>().ShouldBeEmpty("only copies are under way");
        scenario.Succeed("m0-0").Initiated.ShouldBeEmpty();
        Run(scenario).ShouldBe((0, "canary", WaveMoment.BeforeOutages, 1, "freeze.sh"));
        scenario.Succeed("m1-0").Effects.OfType<RunWaveProgram>().ShouldBeEmpty();
        Reason(scenario, "m0-0").ShouldBe(("WAVE_PROGRAM", "canary", "Wave canary waits for its program freeze.sh.", ""));

        Good(scenario, WaveMoment.BeforeOutages, 1).Initiated.ShouldBe(["m0-0", "m1-0"], ignoreOrder: true);
        scenario.Succeed("m0-0").Effects.OfType<RunWaveProgram>().ShouldBeEmpty();
        scenario.Succeed("m1-0").Initiated.ShouldBeEmpty();
        Run(scenario).ShouldBe((0, "canary", WaveMoment.AfterEnd, 2, "thaw.sh"));
        Reason(scenario, "m2-0").Code.ShouldBe("WAVE_PROGRAM");
        Good(scenario, WaveMoment.AfterEnd, 2).Initiated.ShouldBe(["m2-0"]);
        scenario.Succeed("m2-0").State.Status.ShouldBe(CampaignStatus.Completed);
        scenario.History.OfType<WaveProgramBegun>().Select(begun => begun.Actor).ShouldBe(["coordinator", "coordinator"]);
    }

    [Fact]
    public void Program_waits_for_the_approval_of_the_outages_and_for_a_place_in_the_limits()
    {
        var scenario = Started($"waves: [{{name: all, {Once}}}]\nstrategy: host-to-host\nlimits: {{switch: 1}}", 2).Succeed("m0-0").Succeed("m1-0");
        scenario.Effects.OfType<RunWaveProgram>().ShouldBeEmpty();
        scenario.Send(new ApproveWave("all", "ann", "")).Initiated.ShouldBeEmpty();
        Run(scenario).Moment.ShouldBe(WaveMoment.BeforeOutages);
        Good(scenario, WaveMoment.BeforeOutages, 1).Initiated.Count.ShouldBe(1);
    }

    [Fact]
    public void Program_that_fails_keeps_the_services_up_until_a_person_runs_it_again()
    {
        var scenario = Started(Document, 2).Succeed("m0-0").Succeed("m1-0");
        Report(scenario, WaveMoment.BeforeOutages, 1, succeeded: false, "The program freeze.sh ended with code 4: read-only.").Initiated.ShouldBeEmpty();
        Reason(scenario, "m0-0").ShouldBe((
            "WAVE_PROGRAM_FAILED", "canary", "Wave canary waits for a decision about its program freeze.sh, which failed: The program freeze.sh ended with code 4: read-only.",
            "failback campaign retry test, or failback campaign approve test canary to go on without it"));
        scenario.State.Explanation.ShouldStartWith("Wave canary waits for a decision about its program freeze.sh, which failed");

        Run(scenario.Send(new RetryItems([], "bob", "mended"))).ShouldBe((0, "canary", WaveMoment.BeforeOutages, 2, "freeze.sh"));
        scenario.History.OfType<WaveProgramBegun>().Last().Actor.ShouldBe("bob");
        Report(scenario, WaveMoment.BeforeOutages, 1, succeeded: true, "late").Events.ShouldBeEmpty("it is about the run before");
        Good(scenario, WaveMoment.BeforeOutages, 2).Initiated.Count.ShouldBe(2);
    }

    [Fact]
    public void Person_goes_on_without_it_only_where_that_person_approves_outages()
    {
        var scenario = Started($"waves: [{{name: all, {Once}, outage: {{approval: {{by: [bob]}}}}}}]\nstrategy: host-to-host", 1).Succeed("m0-0").Send(new ApproveWave("all", "bob", ""));
        Report(scenario, WaveMoment.BeforeOutages, 1, succeeded: false, "no");
        scenario.Send(new ApproveWave("all", "ann", "")).Rejection!.Code.ShouldBe(RejectionCode.NotAnApprover);
        scenario.Send(new ApproveWave("all", "bob", "by hand")).Initiated.ShouldBe(["m0-0"]);
        scenario.Events.OfType<WaveProgramSkipped>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(skipped => skipped.Actor.ShouldBe("bob"), skipped => skipped.Comment.ShouldBe("by hand"));
        scenario.State.Waves[0].OutagesApprovedBy.ShouldBe("bob");
    }

    [Fact]
    public void Program_of_the_last_wave_keeps_the_campaign_open_until_it_is_settled()
    {
        var scenario = Started($"waves: [{{name: all, once: {{afterEnd: thaw.sh}}}}]\nstrategy: {{name: host-to-host, outage: automatic}}", 1).Succeed("m0-0").Succeed("m0-0");
        scenario.State.Status.ShouldBe(CampaignStatus.Running);
        Report(scenario, WaveMoment.AfterEnd, 1, succeeded: false, "no").State.Status.ShouldBe(CampaignStatus.Running);
        scenario.State.Explanation.ShouldStartWith("Wave all waits for a decision about its program thaw.sh, which failed");
        scenario.Send(new ApproveWave("all", "ann", "by hand")).State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Theory]
    [InlineData(WaveMoment.BeforeOutages)]
    [InlineData(WaveMoment.AfterEnd)]
    public void Program_that_was_begun_when_the_coordinator_went_is_unknown_and_never_run_again_by_itself(WaveMoment moment)
    {
        var scenario = Started(Document, 2).Succeed("m0-0").Succeed("m1-0");
        var run = 1;
        if (moment == WaveMoment.AfterEnd)
        {
            Good(scenario, WaveMoment.BeforeOutages, 1).Succeed("m0-0").Succeed("m1-0");
            run = 2;
        }

        scenario.Crash().Effects.OfType<RunWaveProgram>().ShouldBeEmpty();
        scenario.State.Waves[0].WaitingFor.ShouldContain("of which nobody knows how it ended");
        scenario.Crash().Events.OfType<WaveProgramEnded>().ShouldBeEmpty("it is known to be unknown");
        scenario.Send(new TimerElapsed()).Effects.OfType<RunWaveProgram>().ShouldBeEmpty();

        // Whoever ran it may still tell.
        Good(scenario, moment, run).State.Waves[0].WaitingFor.ShouldBeEmpty();
        (moment == WaveMoment.AfterEnd ? scenario.State.Status == CampaignStatus.Completed : scenario.Initiated.Count == 2).ShouldBeTrue();
    }

    [Fact]
    public void Wave_that_is_opened_again_runs_its_programs_again()
    {
        var scenario = Good(Started($"waves: [{{name: all, {Once}}}]\nstrategy: {{name: host-to-host, outage: automatic}}", 2).Succeed("m0-0").Succeed("m1-0"), WaveMoment.BeforeOutages, 1);
        scenario.Fail("m0-0").Succeed("m1-0");
        Good(scenario, WaveMoment.AfterEnd, 2).State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);

        scenario.Send(new RetryItems([], "ann", "")).Initiated.ShouldBeEmpty();
        Run(scenario).ShouldBe((0, "all", WaveMoment.BeforeOutages, 3, "freeze.sh"));
        Good(scenario, WaveMoment.BeforeOutages, 3).Initiated.ShouldBe(["m0-0"]);
        Good(scenario.Succeed("m0-0"), WaveMoment.AfterEnd, 4).State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Machine_that_is_retried_while_the_program_after_the_end_runs_waits_for_it_and_goes_down_behind_a_new_one(bool succeeds)
    {
        var scenario = Good(Started($"waves: [{{name: all, {Once}}}]\nstrategy: {{name: host-to-host, outage: automatic}}\ntolerance: {{failures: 2}}", 2).Succeed("m0-0").Succeed("m1-0"), WaveMoment.BeforeOutages, 1);
        scenario.Fail("m0-0").Succeed("m1-0").Send(new RetryItems([Estate.ItemOf("m0-0")], "ann", "")).Initiated.ShouldBeEmpty();
        Reason(scenario, "m0-0").Code.ShouldBe("WAVE_PROGRAM");

        Report(scenario, WaveMoment.AfterEnd, 2, succeeds, "so").Initiated.ShouldBeEmpty();
        if (!succeeds)
        {
            Reason(scenario, "m0-0").Code.ShouldBe("WAVE_PROGRAM_FAILED");
            scenario.Send(new ApproveWave("all", "ann", "by hand"));
        }

        Run(scenario).ShouldBe((0, "all", WaveMoment.BeforeOutages, 3, "freeze.sh"));
        Good(scenario, WaveMoment.BeforeOutages, 3).Initiated.ShouldBe(["m0-0"]);
        Good(scenario.Succeed("m0-0"), WaveMoment.AfterEnd, 4).State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Nothing_is_run_after_a_wave_none_of_whose_services_went_down()
    {
        var scenario = Started(Document, 2).Send(new SkipItem(Estate.ItemOf("m0-0"), "ann", "")).Send(new SkipItem(Estate.ItemOf("m1-0"), "ann", ""));
        scenario.Fail("m0-0").Fail("m1-0").State.Status.IsTerminal().ShouldBeTrue();
        scenario.History.OfType<WaveProgramBegun>().ShouldBeEmpty();
    }

    [Fact]
    public void Campaign_that_stops_waits_for_a_program_that_runs_and_begins_none()
    {
        var scenario = Started(Document, 2).Succeed("m0-0").Succeed("m1-0");
        scenario.Send(new StopCampaign("ann", "enough")).State.Status.ShouldBe(CampaignStatus.Stopping);
        Good(scenario, WaveMoment.BeforeOutages, 1).State.Status.ShouldBe(CampaignStatus.Stopped);
        scenario.History.OfType<WaveProgramBegun>().Count().ShouldBe(1);
    }

    private static Scenario Started(string document, int hosts) => HostToHostTests.Started(document, Estate.Uniform(hosts, 1));

    private static Scenario Good(Scenario scenario, WaveMoment moment, int run) => Report(scenario, moment, run, succeeded: true, "The program is good.");

    private static Scenario Report(Scenario scenario, WaveMoment moment, int run, bool succeeded, string explanation) => scenario.Send(new WaveProgramReported(0, moment, run, succeeded, explanation));

    private static (int Wave, string Name, WaveMoment Moment, int Run, string Program) Run(Scenario scenario)
    {
        var effect = scenario.Effects.OfType<RunWaveProgram>().ShouldHaveSingleItem();
        return (effect.Wave, effect.Name, effect.Moment, effect.Run, effect.Program);
    }

    private static (string Code, string Subject, string Explanation, string Act) Reason(Scenario scenario, string machine)
    {
        var wait = WhyNot.Of(scenario.State, scenario.Item(machine), scenario.Now).ShouldNotBeNull();
        return (wait.Code, wait.Subject, wait.Explanation, wait.Act);
    }
}
