using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Notices;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Notices;

/// <summary>What people are told follows from the recorded events alone: each transition and each recovery once.</summary>
public sealed class NoticeReaderTests
{
    [Fact]
    public void Campaign_is_told_from_its_start_to_its_end()
    {
        var scenario = Scenario.Started("waves: [{name: canary, take: 1, gate: {approval: {by: [bob]}}}, {name: rest}]", Estate.Uniform(1, 2)).Succeed("m0-0");

        Told(scenario).ShouldBe(
        [
            "campaign.started | The campaign was started by ann: 2 machines, 2 waves.",
            "approval.waiting | Wave canary waits for approval by bob: 1 of 1 succeeded.",
        ]);
        Read(scenario)[^1].Act.ShouldBe("failback campaign approve test canary");

        scenario.Send(new ApproveWave("canary", "bob", "all is well")).Succeed("m0-1");
        Told(scenario).Skip(2).ShouldBe(
        [
            "approval.given | bob approved the gate of wave canary: all is well.",
            "wave.ended | Wave canary has ended: 1 of 1 succeeded.",
            "wave.ended | Wave rest has ended: 1 of 1 succeeded.",
            "campaign.finished | The campaign has ended COMPLETED: 2 of 2 succeeded.",
        ]);
    }

    [Fact]
    public void Rejection_pauses_and_both_are_told_with_the_reason()
    {
        var scenario = Scenario.Started("waves: [{name: canary, take: 1, gate: {approval: {by: [bob]}}}, {name: rest}]", Estate.Uniform(1, 2)).Succeed("m0-0")
            .Send(new RejectWave("canary", "bob", "the users complain"));

        Told(scenario).Skip(2).ShouldBe(
        [
            "approval.rejected | bob rejected the gate of wave canary: the users complain.",
            "campaign.paused | The campaign is paused (gate rejected). bob rejected the gate of wave canary: the users complain.",
        ]);
    }

    [Fact]
    public void Pause_by_a_person_is_told_once_and_so_is_its_end()
    {
        var scenario = Scenario.Started("", Estate.Uniform(1, 1)).Send(new PauseCampaign("bob", "lunch")).Send(new PauseCampaign("bob", "lunch")).Send(new ResumeCampaign("ann", "done"));

        Told(scenario).Skip(1).ShouldBe(
        [
            "campaign.paused | The campaign is paused (by a person). Paused by bob: lunch.",
            "campaign.resumed | The campaign goes on; resumed by ann: done.",
        ]);
    }

    [Fact]
    public void Budget_that_is_breached_is_told_after_the_failure_that_breached_it()
    {
        var scenario = Scenario.Started("tolerance: {failures: 0}", Estate.Uniform(1, 3)).Fail("m0-0");

        var told = Told(scenario).Skip(1).ToList();
        told[0].ShouldBe("machine.failed | m0-0 has failed (ACCESS_DENIED): It failed.");
        told[1].ShouldStartWith("campaign.paused | The campaign is paused (too many failures).");
        Read(scenario)[^1].Act.ShouldBe("failback campaign resume test");
    }

    [Fact]
    public void Machine_that_failed_and_was_tried_again_is_told_as_recovered()
    {
        var scenario = Scenario.Started("tolerance: {failures: 3}", Estate.Uniform(1, 2)).Fail("m0-0").Send(new RetryItems([Estate.ItemOf("m0-0")], "ann", "")).Succeed("m0-0");

        Told(scenario).Count(told => told.StartsWith("machine.failed", StringComparison.Ordinal)).ShouldBe(1);
        Told(scenario).ShouldContain("machine.recovered | m0-0 has succeeded after it had failed.");
    }

    [Fact]
    public void Command_has_the_id_of_a_machine_whose_name_is_no_word_of_a_shell()
    {
        var scenario = Scenario.Planned("strategy: {name: host-to-host, outage: automatic}", Home(Estate.Uniform(1, 1)), item => item with { VirtualMachineName = "SQL Server $(01)" })
            .Send(new StartCampaign(null, "ann")).Asks("m0-0", "GUEST_STAYS_UP", serviceIsDown: true);

        Read(scenario)[^1].Act.ShouldBe($"failback vm status {Estate.ItemOf("m0-0")}");
        WhyNot.Of(scenario.State, scenario.Item("m0-0"), scenario.Now)!.Act.ShouldBe($"failback vm status {Estate.ItemOf("m0-0")}");
    }

    [Fact]
    public void Held_machine_is_told_when_it_asks_and_when_it_goes_on()
    {
        var scenario = Scenario.Started("strategy: {name: host-to-host, outage: automatic}", Home(Estate.Uniform(1, 1))).Asks("m0-0", "GUEST_STAYS_UP", serviceIsDown: true);

        Told(scenario).ShouldContain("machine.held | m0-0 waits for a person's decision (GUEST_STAYS_UP), its service is down: A person must decide.");
        Read(scenario)[^1].Act.ShouldBe("failback vm status m0-0");
        scenario.Asks("m0-0", "GUEST_STAYS_UP", serviceIsDown: true);
        Told(scenario).Count(told => told.StartsWith("machine.held", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Outages_that_wait_for_an_approval_are_told_once_however_many_machines_are_in_step()
    {
        var scenario = Scenario.Started("strategy: host-to-host", Home(Estate.Uniform(1, 3))).Succeed("m0-0").Succeed("m0-1");

        Told(scenario).Count(told => told.StartsWith("approval.waiting | Wave all waits for approval of its outages by an operator", StringComparison.Ordinal)).ShouldBe(1);
        scenario.Send(new ApproveWave("all", "ann", "the users are told"));
        Told(scenario).ShouldContain("approval.given | ann approved the outages of wave all: the users are told.");
    }

    [Fact]
    public void Host_is_told_only_when_it_has_something_in_flight_and_its_return_only_when_its_loss_was()
    {
        var scenario = Scenario.Started("limits: {campaign: 1}", Estate.Uniform(2, 1)).Running("m0-0")
            .Send(new HostUnreachable("h1", "Connection refused.")).Send(new HostReachable("h1"))
            .Send(new HostUnreachable("h0", "Connection refused.")).Send(new HostReachable("h0"));

        Told(scenario).Skip(1).ShouldBe(
        [
            "host.unreachable | Host h0 is unreachable with 1 item in flight: Connection refused.",
            "host.reachable | Host h0 is reachable again.",
        ]);
    }

    [Fact]
    public void Unknown_outcome_is_told_and_so_is_what_a_person_decides()
    {
        var scenario = Scenario.Started("tolerance: {failures: 3}", Estate.Uniform(1, 2))
            .Send(new AttemptOutcomeUnknown(Estate.ItemOf("m0-0"), 1, "The job is gone."))
            .Send(new ResolveItem(Estate.ItemOf("m0-0"), Succeeded: true, "ann", "seen at home"));

        Told(scenario).ShouldContain("machine.outcome-unknown | How m0-0 ended is unknown (OUTCOME_UNKNOWN): The job is gone.");
        Told(scenario).ShouldContain("machine.outcome-resolved | How m0-0 ended is no longer unknown: ann decided that it has succeeded: seen at home.");
    }

    [Fact]
    public void Outage_that_an_approval_left_out_is_told_when_it_waits_for_its_own()
    {
        var scenario = Scenario.Started("strategy: host-to-host", Home(Estate.Uniform(2, 1))).Succeed("m0-0").Asks("m1-0", "SPLIT_BRAIN", serviceIsDown: false)
            .Send(new ApproveWave("all", "ann", "")).Running("m1-0").Succeed("m1-0");

        Told(scenario)[^1].ShouldStartWith("approval.waiting | Wave all waits for approval by an operator of 1 outage that the one given left out:");
        Read(scenario)[^1].Act.ShouldBe("failback campaign approve test all");
    }

    [Fact]
    public void Stop_is_told_before_its_end()
    {
        var scenario = Scenario.Started("", Estate.Uniform(1, 1)).Running("m0-0").Send(new StopCampaign("bob", "wrong site"));
        Told(scenario)[^1].ShouldBe("campaign.stopping | The campaign is being stopped. Stopped by bob: wrong site. What is in flight is followed to its end.");
    }

    [Fact]
    public void What_hosts_and_people_wrote_is_bounded_and_visible()
    {
        var scenario = Scenario.Started("", Estate.Uniform(1, 1)).Send(new PauseCampaign("bob", "\u202Egnp\r\nBcc: all@example.com\u0007" + new string('x', 900) + "😀"));

        var notice = Read(scenario)[^1];
        notice.Text.Length.ShouldBeLessThanOrEqualTo(500);
        notice.Text.ShouldContain("\\u202Egnp\\u000D\\u000ABcc: all@example.com\\u0007");
        notice.Text.ShouldAllBe(character => !char.IsControl(character));
    }

    [Fact]
    public void Reading_again_tells_the_same_under_the_same_versions()
    {
        var scenario = Scenario.Started("tolerance: {failures: 3}", Estate.Uniform(2, 3)).Fail("m0-0").Succeed("m1-0").Send(new PauseCampaign("bob", "")).Crash().Send(new ResumeCampaign("bob", ""));

        Read(scenario).ShouldBe(Read(scenario));
        Read(scenario).Select(notice => notice.Version).ShouldBeInOrder();
    }

    [Fact]
    public void Words_are_told_apart_and_never_change()
        => NoticeTopics.Words.ShouldBe(
        [
            "campaign.started", "campaign.paused", "campaign.resumed", "campaign.stopping", "campaign.finished", "approval.waiting", "approval.given", "approval.rejected", "machine.held",
            "machine.answered", "machine.failed", "machine.recovered", "machine.outcome-unknown", "machine.outcome-resolved", "machine.overdue", "host.unreachable", "host.reachable", "wave.ended",
            "schedule.run-skipped",
        ]);

    private static HostAgent.Campaigns.Planning.EstateView Home(HostAgent.Campaigns.Planning.EstateView estate) => Estate.WithHome(estate, "home");

    private static List<string> Told(Scenario scenario) => [.. Read(scenario).Select(notice => string.Create(CultureInfo.InvariantCulture, $"{NoticeTopics.WordOf(notice.Topic)} | {notice.Text}"))];

    private static List<Notice> Read(Scenario scenario)
    {
        var reader = new NoticeReader();
        var notices = scenario.History.SelectMany(reader.Read).ToList();
        reader.Version.ShouldBe(scenario.State.Version);
        return notices;
    }
}
