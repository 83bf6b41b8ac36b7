using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class RetryTests
{
    private const string Spec = "tolerance: {failures: 100}\nretry: {attempts: 3, initial: 30s, factor: 2, max: 10m, jitter: 0}";

    [Theory]
    [InlineData(RetryClass.BackOff, ItemStatus.Queued)]
    [InlineData(RetryClass.NotReady, ItemStatus.NotReady)]
    public void Failure_that_may_pass_is_tried_again_after_growing_pauses_until_attempts_are_used(RetryClass retryClass, ItemStatus waiting)
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Fail("m0-0", retryClass, "SYSTEM_IN_USE");
        scenario.Status("m0-0").ShouldBe(waiting);
        scenario.Item("m0-0").NextAttemptTime.ShouldBe(Scenario.Begin + TimeSpan.FromSeconds(30));
        scenario.InFlight.ShouldBeEmpty();

        scenario.Wait(TimeSpan.FromSeconds(30)).Item("m0-0").Attempt.ShouldBe(2);
        scenario.Fail("m0-0", retryClass, "SYSTEM_IN_USE").Item("m0-0").NextAttemptTime.ShouldBe(scenario.Now + TimeSpan.FromSeconds(60));
        scenario.Wait(TimeSpan.FromSeconds(60)).Fail("m0-0", retryClass, "SYSTEM_IN_USE");

        scenario.Item("m0-0").ShouldSatisfyAllConditions(
            item => item.Status.ShouldBe(ItemStatus.Failed),
            item => item.FailureReason.ShouldBe("SYSTEM_IN_USE"),
            item => item.Explanation.ShouldBe("It failed. That was attempt 3 of 3."));
    }

    [Fact]
    public void Each_attempt_has_an_operation_id_of_its_own()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1));
        var first = scenario.Effects.OfType<StartOperation>().Single();
        var second = scenario.Fail("m0-0", RetryClass.BackOff).Wait(TimeSpan.FromSeconds(30)).Effects.OfType<StartOperation>().Single();

        first.OperationId.ShouldBe(OperationId.Of(scenario.State.Uid, Estate.ItemOf("m0-0"), 1));
        second.OperationId.ShouldBe(OperationId.Of(scenario.State.Uid, Estate.ItemOf("m0-0"), 2));
        second.OperationId.ShouldNotBe(first.OperationId);
    }

    [Theory]
    [InlineData(RetryClass.Never)]
    [InlineData(RetryClass.FailedJob)]
    public void Failure_that_must_not_be_repeated_ends_the_item(RetryClass retryClass)
        => Scenario.Started(Spec, Estate.Uniform(1, 1)).Fail("m0-0", retryClass).Status("m0-0").ShouldBe(ItemStatus.Failed);

    [Fact]
    public void Failed_job_is_tried_again_where_the_document_allows_it()
        => Scenario.Started(Spec.Replace("jitter: 0", "jitter: 0, failedJobs: true", StringComparison.Ordinal), Estate.Uniform(1, 1))
            .Fail("m0-0", RetryClass.FailedJob).Status("m0-0").ShouldBe(ItemStatus.Queued);

    [Fact]
    public void Status_unknown_reads_the_state_first_and_keeps_its_place_meanwhile()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Fail("m0-0", RetryClass.RereadState, "TIMEOUT");

        scenario.Effects.OfType<RecheckState>().ShouldHaveSingleItem().VirtualMachineId.ShouldBe(Estate.IdOf("m0-0"));
        scenario.InFlight.ShouldBe(["m0-0"]);
    }

    [Theory]
    [InlineData(StateVerdict.FailedBack, ItemStatus.Succeeded)]
    [InlineData(StateVerdict.NotStarted, ItemStatus.Queued)]
    [InlineData(StateVerdict.Undecided, ItemStatus.UnknownOutcome)]
    public void Reread_after_timeout_decides(StateVerdict verdict, ItemStatus expected)
        => Scenario.Started(Spec, Estate.Uniform(1, 1)).Fail("m0-0", RetryClass.RereadState, "TIMEOUT").Recheck("m0-0", verdict)
            .Status("m0-0").ShouldBe(expected);

    [Theory]
    [InlineData(StateVerdict.FailedBack, ItemStatus.Succeeded)]
    [InlineData(StateVerdict.NotStarted, ItemStatus.Failed)]
    [InlineData(StateVerdict.Undecided, ItemStatus.Failed)]
    public void Reread_after_invalid_state_finds_it_done_or_fails(StateVerdict verdict, ItemStatus expected)
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Fail("m0-0", RetryClass.InvalidState, "INVALID_STATE").Recheck("m0-0", verdict);

        scenario.Status("m0-0").ShouldBe(expected);
        if (expected == ItemStatus.Succeeded)
        {
            scenario.Item("m0-0").Explanation.ShouldBe("Already done: State seen.");
        }
    }

    [Fact]
    public void Reread_that_finds_a_failback_in_progress_looks_again_until_it_has_ended()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Fail("m0-0", RetryClass.RereadState, "TIMEOUT");
        scenario.Recheck("m0-0", StateVerdict.InProgress).Wait(TimeSpan.FromSeconds(30)).Effects.OfType<RecheckState>().ShouldHaveSingleItem();
        scenario.Recheck("m0-0", StateVerdict.InProgress).Wait(TimeSpan.FromSeconds(60)).Recheck("m0-0", StateVerdict.InProgress);

        scenario.Item("m0-0").IsInFlight.ShouldBeTrue();
        scenario.Wait(TimeSpan.FromMinutes(10)).Recheck("m0-0", StateVerdict.FailedBack).Status("m0-0").ShouldBe(ItemStatus.Succeeded);
    }

    [Fact]
    public void Jitter_is_the_same_in_every_run_and_within_its_part()
    {
        static DateTimeOffset Next(string machine) => Scenario.Started("retry: {initial: 100s, jitter: 0.2}\nlimits: {host: 50}", Estate.Uniform(1, 20))
            .Fail(machine, RetryClass.BackOff).Item(machine).NextAttemptTime!.Value;

        var pauses = Enumerable.Range(0, 20).Select(index => (Next($"m0-{index}") - Scenario.Begin).TotalSeconds).ToList();

        pauses.ShouldAllBe(pause => pause >= 80 && pause <= 120);
        pauses.Distinct().Count().ShouldBeGreaterThan(15);
        Next("m0-7").ShouldBe(Next("m0-7"));
    }

    [Fact]
    public void Report_about_a_former_attempt_is_ignored()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1)).Fail("m0-0", RetryClass.BackOff).Wait(TimeSpan.FromSeconds(30));
        scenario.Send(new AttemptSucceeded(Estate.ItemOf("m0-0"), 1, false, "late"));

        scenario.Events.OfType<ItemEvent>().ShouldBeEmpty();
        scenario.Status("m0-0").ShouldBe(ItemStatus.Starting);
    }
}
