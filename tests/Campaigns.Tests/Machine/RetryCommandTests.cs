using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class RetryCommandTests
{
    private const string Chain = "tolerance: {failures: 9}\ndependencies: [{item: {vm: app-*}, after: {vm: sql-*}}, {item: {vm: web-*}, after: {vm: app-*}}]";

    private static RetryItems All { get; } = new([], "ann", "again");

    private static RetryItems Named(params string[] machines) => new([.. machines.Select(Estate.ItemOf)], "ann", "again");

    [Fact]
    public void Retry_of_everything_takes_what_was_skipped_for_the_failed_along_and_keeps_the_order()
    {
        var scenario = Scenario.Started(Chain, Estate.Of("h: sql-1 app-1 web-1")).Fail("sql-1");
        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);

        scenario.Send(All).InFlight.ShouldBe(["sql-1"]);
        scenario.Succeed("sql-1").InFlight.ShouldBe(["app-1"]);
        scenario.Succeed("app-1").Succeed("web-1").State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Retry_of_everything_leaves_what_waits_for_something_that_is_not_tried_again()
    {
        var scenario = Scenario.Started(Chain, Estate.Of("h: sql-1 sql-2 app-1")).Fail("sql-1")
            .Send(new CancelItem(Estate.ItemOf("sql-2"), true, "ann", "")).Send(new AttemptCancelled(Estate.ItemOf("sql-2"), 1, "terminated"));

        scenario.Send(All);

        scenario.Status("app-1").ShouldBe(ItemStatus.Skipped);
        scenario.InFlight.ShouldBe(["sql-1"]);
    }

    [Fact]
    public void Retry_of_a_named_item_overrides_the_dependency_that_did_not_succeed()
        => Scenario.Started(Chain, Estate.Of("h: sql-1 app-1")).Fail("sql-1").Send(Named("app-1")).InFlight.ShouldBe(["app-1"]);

    [Fact]
    public void Retry_of_an_item_named_with_what_it_depends_on_waits_for_it()
    {
        var scenario = Scenario.Started(Chain, Estate.Of("h: sql-1 app-1")).Fail("sql-1").Send(Named("app-1", "sql-1"));

        scenario.InFlight.ShouldBe(["sql-1"]);
        scenario.Fail("sql-1").Status("app-1").ShouldBe(ItemStatus.Skipped);
    }

    [Fact]
    public void Retry_after_a_stop_goes_on_with_what_was_never_started()
    {
        var scenario = Scenario.Started("limits: {host: 1}\ntolerance: {failures: 0, onBreach: stop}", Estate.Uniform(1, 3)).Fail("m0-0");
        scenario.State.Status.ShouldBe(CampaignStatus.Stopped);
        scenario.State.EndTime.ShouldNotBeNull();

        scenario.Send(All).State.Status.ShouldBe(CampaignStatus.Running);

        scenario.State.EndTime.ShouldBeNull();
        scenario.InFlight.ShouldBe(["m0-0"]);
        scenario.Item("m0-0").Attempt.ShouldBe(2);
        scenario.Succeed("m0-0").Succeed("m0-1").Succeed("m0-2").State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Retry_after_a_stop_counts_failures_anew()
    {
        var scenario = Scenario.Started("limits: {host: 1}\ntolerance: {failures: 1, onBreach: stop}\ntimeouts: {item: 1h}", Estate.Uniform(1, 4)).Wait(TimeSpan.FromHours(1)).Wait(TimeSpan.FromHours(1));
        scenario.State.Status.ShouldBe(CampaignStatus.Stopped);

        scenario.Send(All).Fail("m0-2").State.Status.ShouldBe(CampaignStatus.Running);
    }

    [Fact]
    public void Retry_of_named_items_after_a_stop_is_refused_because_the_others_would_go_on_too()
    {
        var scenario = Scenario.Started("limits: {host: 1}", Estate.Uniform(1, 3)).Send(new StopCampaign("ann", "")).Fail("m0-0");

        scenario.Send(Named("m0-0")).Rejection!.Message.ShouldBe(
            "Its 2 unfinished items would continue too: retry it as a whole, without naming items; it is STOPPED.");
    }

    [Fact]
    public void Revise_forgets_what_was_skipped_and_scheduled()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 2)).Send(new SkipItem(Estate.ItemOf("m0-0"), "ann", "")).Send(new StartCampaign(Scenario.Begin.AddDays(1), "ann"));
        var plan = CampaignPlanner.Plan(scenario.State.Spec!, Estate.Uniform(1, 2)).Plan;
        scenario.Send(new ReviseCampaign(scenario.State.Spec!, plan, "edited", "bob"));
        scenario.State.Status.ShouldBe(CampaignStatus.Ready);
        scenario.WaitThrough(TimeSpan.FromDays(2)).State.Status.ShouldBe(CampaignStatus.Ready);

        scenario.Send(new StartCampaign(null, "ann")).Succeed("m0-0").Fail("m0-1").Send(new ResumeCampaign("ann", ""));

        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);
    }
}
