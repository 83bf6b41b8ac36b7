using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class ToleranceTests
{
    [Fact]
    public void Failure_within_tolerance_goes_on()
    {
        var scenario = Scenario.Started("tolerance: {failures: 1}\nlimits: {campaign: 1}", Estate.Uniform(1, 4)).Fail("m0-0");

        scenario.State.Status.ShouldBe(CampaignStatus.Running);
        scenario.InFlight.ShouldBe(["m0-1"]);
    }

    [Fact]
    public void Failure_one_past_tolerance_pauses_and_starts_nothing()
    {
        var scenario = Scenario.Started("tolerance: {failures: 1}\nlimits: {campaign: 1}", Estate.Uniform(1, 4)).Fail("m0-0").Fail("m0-1");

        scenario.State.PauseCause.ShouldBe(PauseCause.Tolerance);
        scenario.State.Explanation.ShouldBe("2 items have failed; 1 are tolerated.");
        scenario.Initiated.ShouldBeEmpty();
        scenario.Events.OfType<ToleranceBreached>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            breach => breach.Failures.ShouldBe(2),
            breach => breach.Tolerated.ShouldBe(1));
    }

    [Theory]
    [InlineData("5%", 19, 0)]
    [InlineData("5%", 20, 1)]
    [InlineData("50%", 5, 2)]
    public void Percentage_is_of_all_items_rounded_down(string percentage, int items, int tolerated)
    {
        var scenario = Scenario.Started($"tolerance: {{failures: {percentage}}}\nlimits: {{host: 100}}", Estate.Uniform(1, items));
        for (var failure = 0; failure < tolerated; failure++)
        {
            scenario.Fail($"m0-{failure}").State.Status.ShouldBe(CampaignStatus.Running);
        }

        scenario.Fail($"m0-{tolerated}").State.Status.ShouldBe(CampaignStatus.Paused);
    }

    [Fact]
    public void Breach_leaves_running_items_alone_and_watches_them_to_their_end()
    {
        var scenario = Scenario.Started("limits: {campaign: 2}", Estate.Uniform(2, 2)).Running("m1-0").Fail("m0-0");

        scenario.Status("m1-0").ShouldBe(ItemStatus.Running);
        scenario.Succeed("m1-0").Status("m1-0").ShouldBe(ItemStatus.Succeeded);
        scenario.InFlight.ShouldBeEmpty();
    }

    [Fact]
    public void Breach_with_stop_stops_for_good()
    {
        var scenario = Scenario.Started("tolerance: {onBreach: stop}\nlimits: {campaign: 2}", Estate.Uniform(2, 2)).Fail("m0-0");

        scenario.State.Status.ShouldBe(CampaignStatus.Stopping);
        scenario.Succeed("m1-0").State.Status.ShouldBe(CampaignStatus.Stopped);
    }

    [Fact]
    public void Resume_after_breach_counts_failures_anew()
    {
        var scenario = Scenario.Started("tolerance: {failures: 1}\nlimits: {campaign: 1}", Estate.Uniform(1, 6)).Fail("m0-0").Fail("m0-1");
        scenario.Send(new ResumeCampaign("ann", "looked at it")).Fail("m0-2");

        scenario.State.Status.ShouldBe(CampaignStatus.Running);
        scenario.Fail("m0-3").State.PauseCause.ShouldBe(PauseCause.Tolerance);
    }

    [Fact]
    public void Unknown_outcome_counts_and_its_resolution_as_success_is_taken_back()
    {
        var scenario = Scenario.Started("tolerance: {failures: 1}\nlimits: {campaign: 1}", Estate.Uniform(1, 6));
        scenario.Send(new AttemptOutcomeUnknown(Estate.ItemOf("m0-0"), 1, "The job is gone.")).State.Failures.ShouldBe(1);

        scenario.Send(new ResolveItem(Estate.ItemOf("m0-0"), Succeeded: true, "ann", "it runs in east")).State.Failures.ShouldBe(0);
        scenario.Fail("m0-1").State.Status.ShouldBe(CampaignStatus.Running);
    }

    [Fact]
    public void Skipped_and_cancelled_items_do_not_count()
    {
        var scenario = Scenario.Started("limits: {campaign: 1}", Estate.Uniform(1, 4));
        scenario.Send(new SkipItem(Estate.ItemOf("m0-3"), "ann", ""));
        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), true, "ann", "")).Send(new AttemptCancelled(Estate.ItemOf("m0-0"), 1, "Terminated."));

        scenario.State.Failures.ShouldBe(0);
        scenario.State.Status.ShouldBe(CampaignStatus.Running);
    }

    [Fact]
    public void Sliding_window_breaches_only_when_failures_are_close_together()
    {
        const string Spec = "tolerance: {failures: 100, window: {failures: 1, in: 10m}}\nlimits: {campaign: 1}";
        var slow = Scenario.Started(Spec, Estate.Uniform(1, 6)).Fail("m0-0");
        slow.Wait(TimeSpan.FromMinutes(11)).Fail("m0-1").State.Status.ShouldBe(CampaignStatus.Running);

        var fast = Scenario.Started(Spec, Estate.Uniform(1, 6)).Fail("m0-0");
        fast.Wait(TimeSpan.FromMinutes(9)).Fail("m0-1").State.Explanation.ShouldBe("2 items have failed within 10m; 1 are tolerated.");
    }
}
