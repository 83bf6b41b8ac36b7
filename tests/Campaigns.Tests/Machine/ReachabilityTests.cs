using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class ReachabilityTests
{
    private const string Spec = "tolerance: {failures: 100}\nlimits: {host: 1}\nretry: {attempts: 2, initial: 30s, jitter: 0}\ntimeouts: {unreachable: 15m}";

    [Fact]
    public void Undelivered_call_is_sent_again_under_the_same_operation_and_attempt()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 2));
        var first = scenario.Effects.OfType<StartOperation>().Single();
        scenario.Undelivered("m0-0").Effects.OfType<StartOperation>().ShouldBeEmpty();

        scenario.Wait(TimeSpan.FromSeconds(30)).Effects.OfType<StartOperation>().ShouldHaveSingleItem().ShouldBe(first);
        scenario.State.FindHost("h0")!.IsLost.ShouldBeTrue();
    }

    [Fact]
    public void Call_that_certainly_never_arrived_becomes_another_attempt_after_the_patience()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Undelivered("m0-0");
        scenario.WaitThrough(TimeSpan.FromMinutes(1)).Undelivered("m0-0", mayHaveBeenDelivered: false);
        for (var minute = 0; minute < 15; minute++)
        {
            scenario.WaitThrough(TimeSpan.FromMinutes(1)).Undelivered("m0-0");
        }

        scenario.Events.Concat(scenario.History).OfType<ItemRetryScheduled>().ShouldNotBeEmpty();
        scenario.History.OfType<ItemOutcomeUnknown>().ShouldBeEmpty();
    }

    [Fact]
    public void Call_that_may_have_arrived_is_of_unknown_outcome_after_the_patience_and_never_started_again()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Undelivered("m0-0", mayHaveBeenDelivered: true);
        scenario.WaitThrough(TimeSpan.FromMinutes(20));

        scenario.Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
        scenario.Item("m0-0").FailureReason.ShouldBe("HOST_UNREACHABLE");
        scenario.WaitThrough(TimeSpan.FromDays(2)).History.OfType<ItemStarting>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Running_item_on_lost_host_is_settled_when_the_host_comes_back_with_an_answer()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 2)).Running("m0-0").Send(new HostUnreachable("h0", "no heartbeat"));
        scenario.WaitThrough(TimeSpan.FromMinutes(15)).Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);

        scenario.Send(new HostReachable("h0")).Effects.OfType<Watch>().ShouldContain(watch => watch.Item == Estate.ItemOf("m0-0"));
        scenario.Succeed("m0-0").Status("m0-0").ShouldBe(ItemStatus.Succeeded);
        scenario.State.Failures.ShouldBe(0);
    }

    [Fact]
    public void Host_that_comes_back_in_time_is_watched_again_and_loses_nothing()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Running("m0-0").Send(new HostUnreachable("h0", "no heartbeat"));
        scenario.WaitThrough(TimeSpan.FromMinutes(14)).Send(new HostReachable("h0")).Effects.OfType<Watch>().ShouldHaveSingleItem();

        scenario.WaitThrough(TimeSpan.FromMinutes(14)).Status("m0-0").ShouldBe(ItemStatus.Running);
    }

    [Fact]
    public void Agent_that_never_had_the_operation_settles_an_unknown_outcome_as_not_started()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Undelivered("m0-0", mayHaveBeenDelivered: true).WaitThrough(TimeSpan.FromMinutes(20));
        scenario.Send(new OperationNotFound(Estate.ItemOf("m0-0"), 1));

        scenario.Item("m0-0").ShouldSatisfyAllConditions(
            item => item.Status.ShouldBe(ItemStatus.Failed),
            item => item.FailureReason.ShouldBe("NOT_STARTED"));
    }

    [Fact]
    public void Agent_whose_journal_is_another_one_settles_nothing()
    {
        var journal = new AgentJournal(Guid.NewGuid(), 7, Guid.NewGuid());
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1))
            .Send(new AttemptClaimed(Estate.ItemOf("m0-0"), 1, journal)).Undelivered("m0-0", mayHaveBeenDelivered: true).WaitThrough(TimeSpan.FromMinutes(20));

        scenario.Send(new HostReachable("h0")).Effects.OfType<Watch>().ShouldHaveSingleItem().Journal.ShouldBe(journal);
        scenario.Send(new AttemptFailed(Estate.ItemOf("m0-0"), 1, RetryClass.JournalLost, "JOURNAL_LOST", "it was replaced"));

        scenario.Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
    }

    [Fact]
    public void Outcome_that_a_damaged_journal_left_unknown_is_not_settled_by_an_agent_that_does_not_know_the_operation()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1))
            .Send(new AttemptFailed(Estate.ItemOf("m0-0"), 1, RetryClass.JournalLost, "JOURNAL_LOST", "it was damaged"))
            .Recheck("m0-0", StateVerdict.NotStarted);
        scenario.Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);

        scenario.Send(new OperationNotFound(Estate.ItemOf("m0-0"), 1)).Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
    }

    [Fact]
    public void Agent_that_lost_an_accepted_operation_is_asked_for_the_machines_state()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Running("m0-0").Send(new OperationNotFound(Estate.ItemOf("m0-0"), 1));

        scenario.Effects.OfType<RecheckState>().ShouldHaveSingleItem();
        scenario.Recheck("m0-0", StateVerdict.FailedBack).Status("m0-0").ShouldBe(ItemStatus.Succeeded);
    }

    [Fact]
    public void Running_item_without_progress_keeps_its_place_and_says_so_until_there_is_progress()
    {
        var scenario = Scenario.Started("timeouts: {noProgress: 30m}\nlimits: {host: 2}\ntolerance: {failures: 9}", Estate.Uniform(1, 2)).Running("m0-0").Running("m0-1");
        scenario.Wait(TimeSpan.FromMinutes(20)).Send(new AttemptProgressed(Estate.ItemOf("m0-1"), 1)).Events.ShouldBeEmpty();
        scenario.Wait(TimeSpan.FromMinutes(10));

        scenario.Events.ShouldHaveSingleItem().ShouldBeOfType<ItemOverdue>().Reason.ShouldBe("NO_PROGRESS");
        scenario.Item("m0-0").Explanation.ShouldBe("No progress for 30m; the agent still follows it.");
        scenario.Status("m0-0").ShouldBe(ItemStatus.Running);
        scenario.Item("m0-0").IsInFlight.ShouldBeTrue();
        scenario.Item("m0-1").Explanation.ShouldBeEmpty();
        scenario.Wait(TimeSpan.FromMinutes(10)).Events.ShouldBeEmpty("it is said once");

        scenario.Send(new AttemptProgressed(Estate.ItemOf("m0-0"), 1));
        scenario.Item("m0-0").Explanation.ShouldBeEmpty();
        scenario.Succeed("m0-0").Status("m0-0").ShouldBe(ItemStatus.Succeeded);
    }

    [Fact]
    public void Item_past_its_time_keeps_its_place_while_the_agent_has_it()
    {
        var scenario = Scenario.Started("timeouts: {item: 1h, noProgress: 24h}", Estate.Uniform(1, 1)).Running("m0-0");
        scenario.Wait(TimeSpan.FromMinutes(59)).Status("m0-0").ShouldBe(ItemStatus.Running);

        scenario.Wait(TimeSpan.FromMinutes(1)).Events.ShouldHaveSingleItem().ShouldBeOfType<ItemOverdue>().Reason.ShouldBe("ITEM_TIMEOUT");
        scenario.Status("m0-0").ShouldBe(ItemStatus.Running);
        scenario.Wait(TimeSpan.FromHours(2)).Events.ShouldBeEmpty("it is said once");
    }
}
