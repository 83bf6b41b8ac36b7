using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class WaveTests
{
    private const string Approval = "waves: [{name: canary, take: 1, gate: {approval: {by: [lead]}, soak: 10m}}, {name: rest}]";

    [Fact]
    public void Soak_of_a_gate_that_a_person_ends_lets_the_next_wave_begin_unless_it_waits_for_an_approval()
    {
        var scenario = Scenario.Started("waves: [{name: canary, take: 1, gate: {soak: 4h}}, {name: rest}]", Estate.Uniform(1, 2)).Succeed("m0-0");
        (scenario.State.Waves[0].Status, scenario.State.Waves[0].AwaitsApproval).ShouldBe((WaveStatus.AtGate, false));
        scenario.Send(new EndSoak("canary", "ann", "it is well")).Initiated.ShouldBe(["m0-1"]);

        Scenario.Started("waves: [{name: canary, take: 1, gate: {soak: 4h, approval: {by: [bob]}}}, {name: rest}]", Estate.Uniform(1, 2)).Succeed("m0-0").Send(new EndSoak("canary", "ann", ""))
            .State.Waves[0].WaitingFor.ShouldBe("approval by bob");
    }

    [Fact]
    public void Next_wave_starts_when_every_item_of_the_former_has_ended()
    {
        var scenario = Scenario.Started("tolerance: {failures: 9}\nwaves: [{name: canary, take: 2}, {name: rest}]", Estate.Uniform(2, 2)).Succeed("m0-0");
        scenario.InFlight.ShouldBe(["m1-0"]);

        scenario.Fail("m1-0").InFlight.ShouldBe(["m0-1", "m1-1"]);
        scenario.State.Waves.Select(wave => wave.Status).ShouldBe([WaveStatus.Done, WaveStatus.Running]);
    }

    [Fact]
    public void Gate_waits_for_approval_and_soak_both()
    {
        var scenario = Scenario.Started(Approval, Estate.Uniform(1, 2)).Succeed("m0-0");
        scenario.State.Waves[0].WaitingFor.ShouldBe("approval by lead, soak until 2026-11-21 20:10:00Z");
        scenario.State.Explanation.ShouldBe("Wave canary is at its gate: approval by lead, soak until 2026-11-21 20:10:00Z.");

        scenario.Send(new ApproveWave("canary", "lead", "fine")).InFlight.ShouldBeEmpty();
        scenario.State.Waves[0].WaitingFor.ShouldBe("soak until 2026-11-21 20:10:00Z");
        scenario.Wait(TimeSpan.FromMinutes(9)).InFlight.ShouldBeEmpty();
        scenario.Wait(TimeSpan.FromMinutes(1)).InFlight.ShouldBe(["m0-1"]);
    }

    [Fact]
    public void Soak_that_is_over_still_waits_for_approval()
    {
        var scenario = Scenario.Started(Approval, Estate.Uniform(1, 2)).Succeed("m0-0").Wait(TimeSpan.FromHours(1));
        scenario.State.Waves[0].WaitingFor.ShouldBe("approval by lead");

        scenario.Send(new ApproveWave("canary", "lead", "")).InFlight.ShouldBe(["m0-1"]);
        scenario.Events.OfType<WaveApproved>().ShouldHaveSingleItem().Actor.ShouldBe("lead");
    }

    [Theory]
    [InlineData("canary", "mallory", RejectionCode.NotAnApprover, "mallory is not an approver of wave canary; the approvers are lead.")]
    [InlineData("rest", "lead", RejectionCode.NoGate, "There is no wave 'rest' that needs approval.")]
    [InlineData("nope", "lead", RejectionCode.NoGate, "There is no wave 'nope' that needs approval.")]
    public void Approval_that_is_not_allowed_says_why(string wave, string actor, RejectionCode code, string message)
    {
        var scenario = Scenario.Started(Approval, Estate.Uniform(1, 2)).Succeed("m0-0").Send(new ApproveWave(wave, actor, ""));

        scenario.Rejection.ShouldBe(new Rejection(code, message));
        scenario.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Approval_before_the_gate_is_refused_and_after_it_changes_nothing()
    {
        var scenario = Scenario.Started(Approval, Estate.Uniform(1, 2)).Send(new ApproveWave("canary", "lead", ""));
        scenario.Rejection.ShouldNotBeNull().Code.ShouldBe(RejectionCode.GateState);

        scenario.Succeed("m0-0").Send(new ApproveWave("canary", "lead", "")).Wait(TimeSpan.FromMinutes(10)).Send(new ApproveWave("canary", "lead", ""));
        scenario.Rejection.ShouldBeNull();
        scenario.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Rejected_gate_pauses_until_it_is_approved_after_all()
    {
        var scenario = Scenario.Started(Approval, Estate.Uniform(1, 2)).Succeed("m0-0").Wait(TimeSpan.FromMinutes(10)).Send(new RejectWave("canary", "lead", "looks odd"));
        scenario.State.PauseCause.ShouldBe(PauseCause.Gate);
        scenario.State.Explanation.ShouldBe("lead rejected the gate of wave canary: looks odd");

        scenario.Send(new ResumeCampaign("ann", "")).Rejection.ShouldNotBeNull().Message
            .ShouldBe("A gate was rejected: approve it, or stop the campaign; it is PAUSED.");
        scenario.Send(new ApproveWave("canary", "lead", "checked")).State.Status.ShouldBe(CampaignStatus.Running);
        scenario.InFlight.ShouldBe(["m0-1"]);
    }

    [Fact]
    public void Campaign_completes_when_everything_has_succeeded_or_was_skipped_by_a_person()
    {
        var scenario = Scenario.Started("limits: {host: 1}", Estate.Uniform(1, 2)).Send(new SkipItem(Estate.ItemOf("m0-1"), "ann", "not needed")).Succeed("m0-0");

        scenario.State.Status.ShouldBe(CampaignStatus.Completed);
        scenario.Effects.OfType<Messages.Ended>().ShouldHaveSingleItem().Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Campaign_with_one_failure_completes_with_failures_even_while_paused()
    {
        var scenario = Scenario.Started("limits: {host: 2}", Estate.Uniform(1, 2)).Fail("m0-0");
        scenario.State.Status.ShouldBe(CampaignStatus.Paused);

        scenario.Succeed("m0-1").State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);
    }

    [Fact]
    public void Dependants_wait_for_all_they_depend_on()
    {
        var scenario = Scenario.Started("limits: {host: 9}\ndependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]", Estate.Of("h: app-1 sql-1 sql-2 web-1"));
        scenario.InFlight.ShouldBe(["sql-1", "sql-2", "web-1"]);

        scenario.Succeed("sql-1").InFlight.ShouldNotContain("app-1");
        scenario.Succeed("sql-2").InFlight.ShouldContain("app-1");
    }

    [Fact]
    public void Dependants_of_a_failure_are_skipped_in_a_chain_each_naming_its_dependency()
    {
        const string Spec = "limits: {host: 9}\ntolerance: {failures: 9}\ndependencies: [{item: {vm: app-*}, after: {vm: sql-*}}, {item: {vm: web-*}, after: {vm: app-*}}]";
        var scenario = Scenario.Started(Spec, Estate.Of("h: app-1 sql-1 web-1 x-1")).Fail("sql-1");

        scenario.Item("app-1").Explanation.ShouldBe($"It waits for sql-1 ({Estate.ItemOf("sql-1")}), which ended FAILED.");
        scenario.Item("web-1").Explanation.ShouldBe($"It waits for app-1 ({Estate.ItemOf("app-1")}), which ended SKIPPED.");
        scenario.Succeed("x-1").State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);
    }

    [Fact]
    public void Retry_of_a_skipped_dependant_overrides_its_dependency()
    {
        var scenario = Scenario.Started("limits: {host: 9}\ntolerance: {failures: 9}\ndependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]", Estate.Of("h: app-1 sql-1 x-1")).Fail("sql-1");

        scenario.Send(new RetryItems([Estate.ItemOf("app-1")], "ann", "it can run alone")).InFlight.ShouldBe(["app-1", "x-1"], ignoreOrder: true);
    }
}
