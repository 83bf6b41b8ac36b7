using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class ReadinessTests
{
    private const string Required = "readiness: {required: true, maxAge: 1h, ignore: [REPLICATION_LAG]}\nretry: {attempts: 2, initial: 30s, jitter: 0}";
    private const string NotOff = "VIRTUAL_MACHINE_NOT_OFF: The machine is running. Shut it down.";

    [Fact]
    public void Plan_that_requires_readiness_has_one_item_of_each_host_checked_at_a_time()
    {
        var scenario = Scenario.Planned(Required, Estate.Uniform(2, 2));
        scenario.AskedForReadiness.ShouldBe(["m0-0", "m1-0"]);
        scenario.Effects.OfType<CheckReadiness>().First().IgnoredChecks.ShouldBe(["REPLICATION_LAG"]);

        scenario.Checked("m0-0").AskedForReadiness.ShouldBe(["m0-1"]);
        scenario.Checked("m0-1", NotOff).AskedForReadiness.ShouldBeEmpty();

        scenario.Status("m0-0").ShouldBe(ItemStatus.Ready);
        scenario.Item("m0-1").ShouldSatisfyAllConditions(
            item => item.Status.ShouldBe(ItemStatus.NotReady),
            item => item.Explanation.ShouldBe(NotOff),
            item => item.Readiness!.Reasons.ShouldBe([NotOff]));
        scenario.State.Explanation.ShouldBe("Planned; 1 of 4 items are not ready.");
    }

    [Fact]
    public void Plan_that_does_not_require_readiness_checks_when_a_person_asks_and_starts_without()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 1));
        scenario.AskedForReadiness.ShouldBeEmpty();

        scenario.Send(new PreflightCampaign()).AskedForReadiness.ShouldBe(["m0-0"]);
        scenario.Checked("m0-0", NotOff).Status("m0-0").ShouldBe(ItemStatus.NotReady);
        scenario.Send(new StartCampaign(null, "ann")).Initiated.ShouldBe(["m0-0"]);
        scenario.Send(new PreflightCampaign()).Rejection!.Message.ShouldBe("Its items can be checked ahead only before it has been started; it is RUNNING.");
    }

    [Fact]
    public void Item_found_ready_lately_starts_at_once()
    {
        var scenario = Scenario.Planned(Required, Estate.Uniform(1, 1)).Checked("m0-0");
        scenario.Now += TimeSpan.FromMinutes(59);

        scenario.Send(new StartCampaign(null, "ann")).Initiated.ShouldBe(["m0-0"]);
        scenario.Item("m0-0").Readiness.ShouldBeNull("a check serves for one attempt");
    }

    [Fact]
    public void Readiness_expires_by_age()
    {
        var scenario = Scenario.Planned(Required, Estate.Uniform(1, 1)).Checked("m0-0");
        scenario.Now += TimeSpan.FromHours(1);

        scenario.Send(new StartCampaign(null, "ann")).Initiated.ShouldBeEmpty();
        scenario.AskedForReadiness.ShouldBe(["m0-0"]);
        scenario.Status("m0-0").ShouldBe(ItemStatus.Queued);
        scenario.Checked("m0-0").Initiated.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Readiness_expires_by_an_edit_and_answers_for_the_former_document_do_not_count()
    {
        var scenario = Scenario.Planned(Required, Estate.Uniform(1, 1)).Checked("m0-0");
        var former = scenario.State.Revision;
        var spec = scenario.State.Spec!;
        var plan = CampaignPlanner.Plan(spec, Estate.Uniform(1, 1)).Plan;
        scenario.Send(new ReviseCampaign(spec, plan, "edited", "ann")).AskedForReadiness.ShouldBe(["m0-0"]);

        scenario.Send(new ReadinessChecked(Estate.ItemOf("m0-0"), former, true, [], "Recovered"));

        scenario.Status("m0-0").ShouldBe(ItemStatus.Pending);
    }

    [Fact]
    public void Readiness_expires_by_a_change_of_the_replication_state()
    {
        var scenario = Scenario.Planned(Required, Estate.Uniform(1, 1)).Checked("m0-0");
        scenario.Send(new ReplicationStateChanged(Estate.ItemOf("m0-0"), "Recovered")).Status("m0-0").ShouldBe(ItemStatus.Ready);

        scenario.Send(new ReplicationStateChanged(Estate.ItemOf("m0-0"), "WaitingForStartResynchronize"));

        scenario.Item("m0-0").ShouldSatisfyAllConditions(
            item => item.Status.ShouldBe(ItemStatus.Pending),
            item => item.Explanation.ShouldBe("The machine's replication state changed from Recovered to WaitingForStartResynchronize since the check."));
        scenario.Send(new StartCampaign(null, "ann")).AskedForReadiness.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Check_holds_the_place_under_the_limits_that_the_item_would_take()
    {
        var scenario = Scenario.Started("limits: {campaign: 2}\n" + Required, Estate.Uniform(2, 2));

        scenario.AskedForReadiness.ShouldBe(["m0-0", "m1-0"]);
        scenario.State.InFlight.ShouldBe(2);
    }

    [Fact]
    public void Item_that_is_not_ready_makes_room_and_is_checked_again_after_a_pause()
    {
        var scenario = Scenario.Started("limits: {campaign: 1}\n" + Required, Estate.Uniform(1, 2));

        scenario.Checked("m0-0", NotOff).AskedForReadiness.ShouldBe(["m0-1"]);
        scenario.Item("m0-0").NextAttemptTime.ShouldBe(scenario.Now + TimeSpan.FromSeconds(30));
        scenario.Checked("m0-1").Initiated.ShouldBe(["m0-1"]);
        scenario.Wait(TimeSpan.FromSeconds(30)).Succeed("m0-1").AskedForReadiness.ShouldBe(["m0-0"]);
        scenario.Checked("m0-0").Initiated.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Item_that_stays_not_ready_fails_after_as_many_checks_as_there_would_be_attempts()
    {
        var scenario = Scenario.Started("tolerance: {failures: 1}\n" + Required, Estate.Uniform(1, 1)).Checked("m0-0", NotOff);
        scenario.State.Failures.ShouldBe(0, "NOT_READY does not count against the tolerance");

        scenario.Wait(TimeSpan.FromSeconds(30)).Checked("m0-0", NotOff);

        scenario.Item("m0-0").ShouldSatisfyAllConditions(
            item => item.Status.ShouldBe(ItemStatus.Failed),
            item => item.FailureReason.ShouldBe("NOT_READY"),
            item => item.Explanation.ShouldBe($"{NotOff} That was check 2 of 2."),
            item => item.Attempt.ShouldBe(0));
    }

    [Fact]
    public void Agent_that_does_not_answer_makes_the_item_not_ready_and_never_of_unknown_outcome()
    {
        var scenario = Scenario.Started("tolerance: {failures: 1}\n" + Required, Estate.Uniform(1, 1)).Wait(TimeSpan.FromMinutes(15));
        scenario.Item("m0-0").ShouldSatisfyAllConditions(
            item => item.Status.ShouldBe(ItemStatus.NotReady),
            item => item.Explanation.ShouldBe("HOST_UNREACHABLE: the agent has not answered within 15m."));

        scenario.WaitThrough(TimeSpan.FromHours(1)).Item("m0-0").ShouldSatisfyAllConditions(
            item => item.Status.ShouldBe(ItemStatus.Failed),
            item => item.FailureReason.ShouldBe("HOST_UNREACHABLE"));
    }

    [Fact]
    public void Pause_during_a_check_keeps_the_item_from_starting_and_its_readiness_is_kept_while_it_counts()
    {
        var scenario = Scenario.Started(Required, Estate.Uniform(1, 1)).Send(new PauseCampaign("ann", "")).Checked("m0-0");
        scenario.Status("m0-0").ShouldBe(ItemStatus.Ready);
        scenario.Initiated.ShouldBeEmpty();

        scenario.Send(new ResumeCampaign("ann", "")).Initiated.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Item_under_check_can_be_skipped_and_not_cancelled()
    {
        var scenario = Scenario.Started(Required, Estate.Uniform(1, 1));
        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), true, "ann", "")).Rejection!.Message.ShouldEndWith("is QUEUED: it has no running job; skip it instead.");

        scenario.Send(new SkipItem(Estate.ItemOf("m0-0"), "ann", "")).State.InFlight.ShouldBe(0);
        scenario.Checked("m0-0").Events.ShouldBeEmpty();
    }

    [Fact]
    public void Failed_attempt_is_followed_by_another_check()
    {
        var scenario = Scenario.Started(Required, Estate.Uniform(1, 1)).Checked("m0-0").Fail("m0-0", RetryClass.BackOff, "BUSY");

        scenario.Wait(TimeSpan.FromMinutes(1)).AskedForReadiness.ShouldBe(["m0-0"]);
        scenario.Send(new AttemptSucceeded(Estate.ItemOf("m0-0"), 1, false, "late")).Events.ShouldBeEmpty("the attempt has ended");
        scenario.Checked("m0-0").Initiated.ShouldBe(["m0-0"]);
        scenario.Item("m0-0").Attempt.ShouldBe(2);
    }

    [Fact]
    public void Crash_before_the_start_asks_again_for_what_is_not_known()
    {
        var scenario = Scenario.Planned(Required, Estate.Uniform(1, 3)).Checked("m0-0");

        scenario.Crash().AskedForReadiness.ShouldBe(["m0-1"]);
        scenario.Checked("m0-1").AskedForReadiness.ShouldBe(["m0-2"]);
    }

    [Fact]
    public void Crash_during_a_check_asks_again()
        => Scenario.Started(Required, Estate.Uniform(1, 1)).Crash().AskedForReadiness.ShouldBe(["m0-0"]);

    [Fact]
    public void Check_that_is_answered_proves_a_host_that_was_out_of_reach()
    {
        var scenario = Scenario.Started("limits: {host: 1}\n" + Required, Estate.Uniform(1, 2)).Checked("m0-0");
        scenario.Undelivered("m0-0").Wait(TimeSpan.FromMinutes(1)).Undelivered("m0-0").Wait(TimeSpan.FromMinutes(2)).Undelivered("m0-0");
        scenario.State.Hosts[0].Breaker.ShouldBe(BreakerStatus.Open);
        scenario.Send(new HostReachable("h0")).State.Hosts[0].Breaker.ShouldBe(BreakerStatus.HalfOpen);
        scenario.Succeed("m0-0").AskedForReadiness.ShouldBe(["m0-1"]);

        scenario.Checked("m0-1").Events.OfType<BreakerClosed>().ShouldHaveSingleItem();
        scenario.InFlight.ShouldBe(["m0-1"]);
    }
}
