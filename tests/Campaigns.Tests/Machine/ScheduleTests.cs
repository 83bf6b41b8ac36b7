using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>Drills that are run again and again: the campaign that has the schedule starts no item itself and forgets no time.</summary>
public class ScheduleTests
{
    // The harness begins on a Saturday at 20:00 in UTC, which is 21:00 in Madrid.
    private const string Nightly = "strategy: test-failover\nschedule: {cron: \"0 22 * * *\", timeZone: Europe/Madrid}";

    private static readonly DateTimeOffset First = Scenario.Begin + TimeSpan.FromHours(1);

    [Fact]
    public void Run_begins_at_its_time_and_the_next_one_is_shown()
    {
        var scenario = Scenario.Started(Nightly, Estate.Uniform(1, 2));
        (scenario.State.Status, scenario.State.StartTime, scenario.State.Explanation).ShouldBe((CampaignStatus.Scheduled, First, "The next run begins at 2026-11-21 21:00Z."));
        WhyNot.Of(scenario.State, scenario.State.Items[0], scenario.Now)!.ShouldSatisfyAllConditions(wait => wait.Code.ShouldBe("SCHEDULED"), wait => wait.Act.ShouldBeEmpty());

        scenario.Wait(TimeSpan.FromHours(1)).Effects.OfType<BeginRun>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            begin => (begin.Due, begin.LastRun, begin.StartedBy).ShouldBe((First, "", "ann")),
            begin => begin.Spec.RunOf("test", begin.Due).ShouldBe("test-20261121-2200"));
        scenario.InFlight.ShouldBeEmpty();
        scenario.Send(new RunBegun(First, "test-20261121-2200")).State.Explanation.ShouldBe("The next run begins at 2026-11-22 21:00Z. The last one was test-20261121-2200.");
        scenario.Send(new RunBegun(First, "again")).Events.ShouldBeEmpty();
        scenario.Wait(TimeSpan.FromHours(24)).Effects.OfType<BeginRun>().Single().LastRun.ShouldBe("test-20261121-2200");
        scenario.Send(new RunLeftOut(First + TimeSpan.FromHours(24), "the run before it, test-20261121-2200, has not ended")).State.Explanation
            .ShouldBe("The next run begins at 2026-11-23 21:00Z. The last one was test-20261121-2200. That of 2026-11-22 21:00Z was left out: the run before it, test-20261121-2200, has not ended.");
        StateDump.Of(CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State).ShouldBe(StateDump.Of(scenario.State));
    }

    [Fact]
    public void Run_that_was_due_is_begun_again_after_a_crash_until_it_is_known_to_have_begun()
    {
        var scenario = Scenario.Started(Nightly, Estate.Uniform(1, 1)).Wait(TimeSpan.FromHours(1));
        scenario.Crash().Effects.OfType<BeginRun>().ShouldHaveSingleItem().Due.ShouldBe(First);
        CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).Resume(scenario.Now).Effects.OfType<BeginRun>().ShouldHaveSingleItem();
        scenario.Send(new RunBegun(First, "test-20261121-2200")).Crash().Effects.OfType<BeginRun>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void Time_that_was_missed_is_made_up_for_within_the_grace_and_otherwise_left_out_and_recorded(int minutesLate, bool begins)
    {
        var scenario = Scenario.Started(Nightly, Estate.Uniform(1, 1)).Wait(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(minutesLate));
        scenario.Effects.OfType<BeginRun>().Any().ShouldBe(begins);
        scenario.Events.OfType<ScheduledRunSkipped>().Any(skipped => skipped.Reason == "no coordinator was there within 1h of its time").ShouldBe(!begins);
        scenario.State.StartTime.ShouldBe(First + TimeSpan.FromHours(24));
    }

    [Fact]
    public void Of_many_times_that_were_missed_only_the_one_within_the_grace_is_made_up_for()
    {
        var scenario = Scenario.Started(Nightly, Estate.Uniform(1, 1)).Wait(TimeSpan.FromHours(1) + TimeSpan.FromDays(10) + TimeSpan.FromMinutes(30));
        scenario.Effects.OfType<BeginRun>().ShouldHaveSingleItem().Due.ShouldBe(First + TimeSpan.FromDays(10));
        scenario.State.StartTime.ShouldBe(First + TimeSpan.FromDays(11));
    }

    [Fact]
    public void Schedule_that_is_stopped_begins_no_run_and_is_not_retried()
    {
        var scenario = Scenario.Started(Nightly, Estate.Uniform(1, 1)).Send(new StopCampaign("ann", "the site is sold"));
        scenario.State.Status.ShouldBe(CampaignStatus.Stopped);
        scenario.WaitThrough(TimeSpan.FromDays(3)).Effects.OfType<BeginRun>().ShouldBeEmpty();
        scenario.Send(new RetryItems([], "ann", "")).Rejection!.Message.ShouldContain("It has a schedule");
    }

    [Fact]
    public void Start_at_a_later_time_leaves_the_runs_before_it_out()
    {
        var scenario = Scenario.Planned(Nightly, Estate.Uniform(1, 1)).Send(new StartCampaign(Scenario.Begin + TimeSpan.FromDays(2), "ann"));
        scenario.State.StartTime.ShouldBe(First + TimeSpan.FromDays(2));
        scenario.Send(new StartCampaign(null, "ann")).Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-10-24T20:00:00Z", "30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("2026-03-28T20:00:00Z", "30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    public void Hour_that_a_change_of_the_clocks_repeats_or_leaves_out_has_one_run(string after, string cron, string first, string second)
    {
        var schedule = new Spec.ScheduleSpec(cron, "Europe/Madrid", TimeSpan.FromHours(1));
        var next = schedule.Next(DateTimeOffset.Parse(after, System.Globalization.CultureInfo.InvariantCulture))!.Value;
        (next, schedule.Next(next)).ShouldBe((DateTimeOffset.Parse(first, System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.Parse(second, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("drill", "drill-20261121-2200")]
    [InlineData("a-name-of-sixty-three-characters-which-is-the-most-that-may-be-12", "a-name-of-sixty-three-characters-which-is-the-mos-20261121-2200")]
    public void Run_is_named_after_its_campaign_and_its_local_time(string campaign, string run)
        => new Spec.ScheduleSpec("0 22 * * *", "Europe/Madrid", TimeSpan.FromHours(1)).RunOf(campaign, First).ShouldBe(run);
}
