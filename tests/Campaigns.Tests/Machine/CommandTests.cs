using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class CommandTests
{
    private static readonly string M0 = Estate.ItemOf("m0-0");
    private static readonly string M1 = Estate.ItemOf("m0-1");

    private static Scenario One() => Scenario.Started("limits: {host: 1}\ntolerance: {failures: 9}", Estate.Uniform(1, 3));

    [Fact]
    public void Start_at_a_later_time_schedules_and_starts_then()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 1)).Send(new StartCampaign(Scenario.Begin.AddHours(2), "ann"));
        scenario.State.Status.ShouldBe(CampaignStatus.Scheduled);
        scenario.State.Explanation.ShouldBe("Starts at 2026-11-21 22:00:00Z.");
        scenario.Effects.ShouldContain(new WakeAt(Scenario.Begin.AddHours(2)));

        scenario.Wait(TimeSpan.FromHours(2)).InFlight.ShouldBe(["m0-0"]);
        scenario.Events.OfType<CampaignStarted>().ShouldHaveSingleItem().Actor.ShouldBe("ann");
    }

    [Fact]
    public void Wake_that_comes_too_early_is_announced_again()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 1)).Send(new StartCampaign(Scenario.Begin.AddHours(2), "ann"));

        scenario.Wait(TimeSpan.FromHours(1)).Effects.ShouldBe([new WakeAt(Scenario.Begin.AddHours(2))]);
    }

    [Fact]
    public void Start_twice_changes_nothing()
    {
        var scenario = One().Send(new StartCampaign(null, "ann"));

        scenario.Rejection.ShouldBeNull();
        scenario.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Pause_starts_nothing_and_touches_nothing_until_resume()
    {
        var scenario = One().Running("m0-0").Send(new PauseCampaign("ann", "a call from the customer"));
        scenario.State.Explanation.ShouldBe("Paused by ann: a call from the customer. 1 item in flight continues.");
        scenario.Effects.OfType<CancelOperation>().ShouldBeEmpty();
        scenario.Succeed("m0-0").InFlight.ShouldBeEmpty();

        scenario.Send(new ResumeCampaign("ann", "")).InFlight.ShouldBe(["m0-1"]);
    }

    [Fact]
    public void Stop_watches_what_runs_to_its_end_and_then_is_stopped()
    {
        var scenario = One().Running("m0-0").Send(new StopCampaign("ann", "enough"));
        scenario.State.Status.ShouldBe(CampaignStatus.Stopping);

        scenario.Succeed("m0-0").State.Status.ShouldBe(CampaignStatus.Stopped);
        scenario.Status("m0-1").ShouldBe(ItemStatus.Pending);
        scenario.Send(new ResumeCampaign("ann", "")).Rejection.ShouldNotBeNull().Message.ShouldBe("It can be resumed only while it is PAUSED; it is STOPPED.");
    }

    [Fact]
    public void Stop_before_the_start_is_stopped_at_once()
        => Scenario.Planned("", Estate.Uniform(1, 1)).Send(new StopCampaign("ann", "")).State.Status.ShouldBe(CampaignStatus.Stopped);

    [Fact]
    public void Cancel_needs_its_danger_confirmed()
    {
        var scenario = One().Running("m0-0").Send(new CancelItem(M0, false, "ann", ""));

        scenario.Rejection.ShouldNotBeNull().Code.ShouldBe(RejectionCode.ConfirmationRequired);
        scenario.Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_asks_the_agent_and_ends_when_the_host_says_so()
    {
        var scenario = One().Running("m0-0").Send(new CancelItem(M0, true, "ann", "wrong machine"));
        scenario.Effects.OfType<CancelOperation>().ShouldHaveSingleItem().Reason.ShouldBe("ann requested cancellation: wrong machine");
        scenario.Status("m0-0").ShouldBe(ItemStatus.Running);

        scenario.Send(new AttemptCancelled(M0, 1, "The job was terminated.")).Status("m0-0").ShouldBe(ItemStatus.Cancelled);
        scenario.InFlight.ShouldBe(["m0-1"]);
    }

    [Fact]
    public void Cancel_during_delivery_never_initiates_again()
    {
        var scenario = One().Undelivered("m0-0").Send(new CancelItem(M0, true, "ann", ""));
        scenario.Effects.OfType<CancelOperation>().ShouldBeEmpty("the host is out of reach");

        scenario.WaitThrough(TimeSpan.FromMinutes(2)).History.OfType<ItemRedelivered>().ShouldNotBeEmpty();
        scenario.Crash().Effects.OfType<StartOperation>().ShouldBeEmpty();
        scenario.Effects.OfType<CancelOperation>().ShouldHaveSingleItem();
        scenario.Effects.OfType<Watch>().ShouldHaveSingleItem("what comes of it is told by the watch");
        scenario.Send(new OperationNotFound(M0, 1)).Status("m0-0").ShouldBe(ItemStatus.Cancelled);
    }

    [Fact]
    public void Cancel_that_meets_a_replaced_journal_leaves_the_outcome_unknown()
    {
        var scenario = One().Undelivered("m0-0", mayHaveBeenDelivered: true).Send(new CancelItem(M0, true, "ann", "")).Crash();

        scenario.Send(new AttemptFailed(M0, 1, RetryClass.JournalLost, "JOURNAL_LOST", "it was replaced")).Effects.OfType<RecheckState>().ShouldNotBeEmpty();
        scenario.Recheck("m0-0", StateVerdict.NotStarted).Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
    }

    [Fact]
    public void Cancel_of_an_item_not_in_flight_points_to_skip()
        => One().Send(new CancelItem(M1, true, "ann", "")).Rejection.ShouldBe(
            new Rejection(RejectionCode.ItemState, $"m0-1 ({M1}) is PENDING: it has no running job; skip it instead."));

    [Fact]
    public void Failure_after_a_cancel_request_is_not_tried_again()
        => One().Send(new CancelItem(M0, true, "ann", "")).Fail("m0-0", RetryClass.BackOff).Status("m0-0").ShouldBe(ItemStatus.Failed);

    [Fact]
    public void Skip_of_an_item_in_flight_is_refused()
        => One().Send(new SkipItem(M0, "ann", "")).Rejection.ShouldNotBeNull().Code.ShouldBe(RejectionCode.ItemState);

    [Fact]
    public void Command_about_an_unknown_item_names_it()
        => One().Send(new SkipItem("x", "ann", "")).Rejection.ShouldBe(new Rejection(RejectionCode.ItemNotFound, "The campaign has no item 'x'."));

    [Fact]
    public void Retry_without_items_takes_every_failed_one_with_a_new_budget_of_attempts()
    {
        var scenario = Scenario.Started("limits: {host: 9}\ntolerance: {failures: 9}\nretry: {attempts: 1}", Estate.Uniform(1, 3)).Fail("m0-0").Fail("m0-1");
        scenario.Send(new RetryItems([], "ann", "fixed the account"));

        scenario.Initiated.ShouldBe(["m0-0", "m0-1"]);
        scenario.Item("m0-0").Attempt.ShouldBe(2);
        scenario.State.Failures.ShouldBe(0);
    }

    [Fact]
    public void Retry_after_the_end_reopens_the_campaign_and_its_wave()
    {
        var scenario = Scenario.Started("tolerance: {failures: 9}\nwaves: [{name: a, take: 1, gate: {soak: 10m}}, {name: b}]", Estate.Uniform(1, 2));
        scenario.Fail("m0-0").Wait(TimeSpan.FromMinutes(10)).Succeed("m0-1").State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);

        scenario.Send(new RetryItems([M0], "ann", "")).State.Status.ShouldBe(CampaignStatus.Running);
        scenario.Succeed("m0-0").State.Status.ShouldBe(CampaignStatus.Completed, "a gate that was passed is not asked for again");
    }

    [Fact]
    public void Retry_of_unknown_outcome_is_refused_until_it_is_resolved()
    {
        var scenario = One().Send(new AttemptOutcomeUnknown(M0, 1, "gone")).Send(new RetryItems([M0], "ann", ""));
        scenario.Rejection.ShouldNotBeNull().Message.ShouldBe($"m0-0 ({M0}) is UNKNOWN_OUTCOME: resolve or recheck it first.");

        scenario.Send(new ResolveItem(M0, false, "ann", "disks are unchanged")).Send(new RetryItems([M0], "ann", "")).Rejection.ShouldBeNull();
    }

    [Fact]
    public void Retry_of_an_item_that_has_not_ended_is_refused_unless_it_was_just_retried()
    {
        var scenario = Scenario.Started("limits: {host: 1}\ntolerance: {failures: 9}\nretry: {attempts: 1}", Estate.Uniform(1, 3));
        foreach (var unfinished in (string[])["m0-0", "m0-1"])
        {
            scenario.Send(new RetryItems([scenario.Item(unfinished).Id], "ann", "")).Rejection.ShouldNotBeNull().Code.ShouldBe(RejectionCode.ItemState);
        }

        scenario.Fail("m0-0").Send(new RetryItems([M0], "ann", "")).Rejection.ShouldBeNull();
        scenario.Item("m0-0").Attempt.ShouldBe(1, "m0-1 has the one place");
        scenario.Send(new RetryItems([M0], "ann", "")).Rejection.ShouldBeNull("its answer may have been lost");
        scenario.Succeed("m0-1").Succeed("m0-2").Item("m0-0").Attempt.ShouldBe(2);
        scenario.Send(new RetryItems([M0], "ann", "")).Rejection.ShouldNotBeNull().Message.ShouldContain("has not ended");
    }

    [Fact]
    public void Resolve_needs_a_reason_and_an_unknown_outcome()
    {
        var scenario = One().Send(new ResolveItem(M0, true, "ann", "saw it"));
        scenario.Rejection.ShouldNotBeNull().Code.ShouldBe(RejectionCode.ItemState);

        scenario.Send(new AttemptOutcomeUnknown(M0, 1, "gone")).Send(new ResolveItem(M0, true, "ann", "")).Rejection.ShouldNotBeNull().Code.ShouldBe(RejectionCode.ReasonRequired);
        scenario.Send(new ResolveItem(M0, true, "ann", "it runs in east")).Item("m0-0").Explanation.ShouldBe("Resolved by ann: it runs in east");
    }

    [Fact]
    public void Resolve_after_the_end_may_turn_it_into_a_completion()
    {
        var scenario = Scenario.Started("tolerance: {failures: 9}", Estate.Uniform(1, 1)).Send(new AttemptOutcomeUnknown(M0, 1, "gone"));
        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);

        scenario.Send(new ResolveItem(M0, true, "ann", "it runs in east")).State.Status.ShouldBe(CampaignStatus.Completed);
    }

    [Theory]
    [InlineData(StateVerdict.FailedBack, ItemStatus.Succeeded)]
    [InlineData(StateVerdict.NotStarted, ItemStatus.UnknownOutcome)]
    [InlineData(StateVerdict.Undecided, ItemStatus.UnknownOutcome)]
    public void Recheck_settles_only_what_the_state_proves(StateVerdict verdict, ItemStatus expected)
    {
        var scenario = One().Send(new AttemptOutcomeUnknown(M0, 1, "gone")).Send(new RecheckItem(M0, "ann"));
        scenario.Effects.OfType<RecheckState>().ShouldHaveSingleItem();

        scenario.Recheck("m0-0", verdict).Status("m0-0").ShouldBe(expected);
        scenario.Item("m0-0").Explanation.ShouldBe("Rechecked: State seen.");
    }

    [Fact]
    public void Revise_replaces_document_and_items_before_the_start_only()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 3));
        var spec = CampaignDocument.Parse(Scenario.Document("limits: {host: 1}"), "t").Require();
        var plan = CampaignPlanner.Plan(spec, Estate.Uniform(2, 1)).Plan;
        scenario.Send(new ReviseCampaign(spec, plan, "text", "bob")).State.Items.Select(item => item.Planned.VirtualMachineName).ShouldBe(["m0-0", "m1-0"]);
        scenario.State.Status.ShouldBe(CampaignStatus.Ready);

        scenario.Send(new StartCampaign(null, "ann")).Send(new ReviseCampaign(spec, plan, "text", "bob")).Rejection.ShouldNotBeNull().Code.ShouldBe(RejectionCode.CampaignState);
    }

    [Fact]
    public void Handle_before_creation_is_a_bug_of_the_caller()
        => Should.Throw<InvalidOperationException>(() => new CampaignMachine().Handle(new TimerElapsed(), Scenario.Begin));
}
