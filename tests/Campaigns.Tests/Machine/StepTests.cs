using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>An item of several steps: each on its own host, under its own operation id, with the limits and the breaker of that host.</summary>
public class StepTests
{
    private const string Home = "home";

    [Fact]
    public void Next_step_starts_on_its_own_host_under_its_own_id_and_only_the_last_ends_the_item()
    {
        var scenario = Started("", Estate.Uniform(1, 1));
        var first = scenario.Effects.OfType<StartOperation>().ShouldHaveSingleItem();
        (first.Host, first.OperationId).ShouldBe(("h0", OperationId.Of(scenario.State.Uid, first.Item, 1)));

        var second = scenario.Succeed("m0-0").Effects.OfType<StartOperation>().ShouldHaveSingleItem();

        (second.Host, second.OperationId).ShouldBe((Home, OperationId.Of(scenario.State.Uid, first.Item, 2, step: 1)));
        second.OperationId.ShouldNotBe(OperationId.Of(scenario.State.Uid, first.Item, 2));
        scenario.Status("m0-0").ShouldBe(ItemStatus.Starting);
        scenario.State.Waves[0].Status.ShouldBe(WaveStatus.Running);
        scenario.Succeed("m0-0").State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Fact]
    public void Limit_of_a_host_counts_the_steps_on_it()
    {
        var scenario = Started("limits: {host: 1}", Estate.Uniform(3, 1));
        scenario.InFlight.ShouldBe(["m0-0", "m1-0", "m2-0"]);

        scenario.Succeed("m1-0").InFlight.ShouldBe(["m0-0", "m1-0", "m2-0"]);
        scenario.Succeed("m0-0").InFlight.ShouldBe(["m1-0", "m2-0"]);
        scenario.Status("m0-0").ShouldBe(ItemStatus.Queued);
        scenario.State.FindHost(Home)!.InFlight.ShouldBe(1);
        scenario.State.FindHost("h0")!.InFlight.ShouldBe(0);

        scenario.Succeed("m1-0").Initiated.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Failures_of_a_step_open_the_breaker_of_its_host_and_of_no_other()
    {
        var scenario = Started("tolerance: {failures: 100%, perHost: 0}\nlimits: {campaign: 2}", Estate.Uniform(2, 2));
        scenario.Succeed("m0-0").Fail("m0-0");

        scenario.State.FindHost(Home)!.Breaker.ShouldBe(BreakerStatus.Open);
        scenario.State.FindHost("h0")!.Breaker.ShouldBe(BreakerStatus.Closed);
        scenario.InFlight.ShouldBe(["m1-0", "m0-1"], ignoreOrder: true);
        scenario.Succeed("m1-0").Status("m1-0").ShouldBe(ItemStatus.Queued);
    }

    [Fact]
    public void Attempts_are_counted_anew_for_each_step()
    {
        var scenario = Started("retry: {attempts: 2, initial: 1s, max: 1s, jitter: 0}", Estate.Uniform(1, 1));
        scenario.Fail("m0-0", RetryClass.BackOff).Wait(TimeSpan.FromSeconds(1)).Succeed("m0-0");

        scenario.Fail("m0-0", RetryClass.BackOff).Status("m0-0").ShouldBe(ItemStatus.Queued);
        scenario.Wait(TimeSpan.FromSeconds(1)).Item("m0-0").Attempt.ShouldBe(4);
        scenario.Fail("m0-0", RetryClass.BackOff).Item("m0-0").Explanation.ShouldEndWith("That was attempt 2 of 2.");
    }

    [Fact]
    public void Crash_between_steps_goes_on_with_the_next_one_from_log_and_snapshot()
    {
        var scenario = Started("limits: {host: 1}", Estate.Uniform(2, 1));
        scenario.Succeed("m0-0").Succeed("m1-0");
        var snapshot = CampaignSnapshot.Write(scenario.State);

        scenario.Crash().Effects.OfType<StartOperation>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            start => start.Host.ShouldBe(Home),
            start => start.OperationId.ShouldBe(OperationId.Of(scenario.State.Uid, Estate.ItemOf("m0-0"), 2, step: 1)));
        StateDump.Of(CampaignMachine.Replay(snapshot, scenario.History.Skip((int)SnapshotVersion(snapshot))).State).ShouldBe(StateDump.Of(scenario.State));
    }

    [Fact]
    public void Late_success_of_a_step_that_is_not_the_last_starts_nothing()
    {
        var scenario = Started("", Estate.Uniform(1, 1));
        scenario.Send(new AttemptOutcomeUnknown(Estate.ItemOf("m0-0"), 1, "Nobody knows."));

        scenario.Succeed("m0-0").Effects.OfType<StartOperation>().ShouldBeEmpty();

        scenario.Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
        scenario.Item("m0-0").Explanation.ShouldBe("Step 1 of 2 succeeded after all: The job completed.");
    }

    private static long SnapshotVersion(byte[] snapshot) => CampaignMachine.Replay(snapshot, []).State.Version;

    /// <summary>Every machine takes a step on its replica's host, then one on the host at home.</summary>
    private static Scenario Started(string spec, EstateView estate)
        => Scenario.Planned(spec, estate, item => item with
        {
            Steps =
            [
                item.StepAt(0),
                new PlannedStep(StepKind.InitiateFailback, Home) { Site = item.PrimarySite, PrimarySite = item.Site },
            ],
        }).Send(new StartCampaign(null, "ann"));
}
