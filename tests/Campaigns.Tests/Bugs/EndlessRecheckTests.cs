using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Bugs;

/// <summary>
/// A machine that shows for ever that a failback is in progress was read for ever: its item could neither be cancelled nor skipped nor resolved, and the campaign neither ended nor
/// stopped. A second cancellation of an item was swallowed, though only it could end an operation whose job had gone after the first.
/// </summary>
public class EndlessRecheckTests
{
    private static readonly string M0 = Estate.ItemOf("m0-0");

    private static Scenario Rereading(RetryClass retryClass)
        => Scenario.Started("limits: {host: 1}\ntolerance: {failures: 9}", Estate.Uniform(1, 2)).Fail("m0-0", retryClass, "WRONG").Recheck("m0-0", StateVerdict.InProgress);

    [Theory]
    [InlineData(RetryClass.RereadState)]
    [InlineData(RetryClass.InvalidState)]
    [InlineData(RetryClass.JournalLost)]
    public void Person_gives_up_an_item_whose_machine_is_read_again_and_again(RetryClass retryClass)
    {
        var scenario = Rereading(retryClass).Send(new CancelItem(M0, true, "ann", "nothing moves."));

        scenario.Rejection.ShouldBeNull();
        scenario.Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
        scenario.Item("m0-0").Explanation.ShouldBe(
            "ann requested cancellation: nothing moves. No operation is left that could be cancelled, and the machine is not read again: what became of it is not known. State seen.");
        scenario.Effects.OfType<CancelOperation>().ShouldBeEmpty("the agent has none");
        scenario.InFlight.ShouldBe(["m0-1"], "its place is free");

        scenario.Send(new ResolveItem(M0, false, "ann", "looked at the host")).Status("m0-0").ShouldBe(ItemStatus.Failed);
    }

    [Fact]
    public void Giving_it_up_needs_the_same_confirmation()
    {
        var scenario = Rereading(RetryClass.RereadState).Send(new CancelItem(M0, false, "ann", ""));

        scenario.Rejection.ShouldNotBeNull().Code.ShouldBe(RejectionCode.ConfirmationRequired);
        scenario.Item("m0-0").IsInFlight.ShouldBeTrue();
    }

    [Fact]
    public void Item_that_was_cancelled_before_its_machine_was_read_again_is_given_up_by_another_cancellation()
    {
        var scenario = Scenario.Started("tolerance: {failures: 9}", Estate.Uniform(1, 1)).Running("m0-0").Send(new CancelItem(M0, true, "ann", "")).Send(new OperationNotFound(M0, 1)).Recheck("m0-0", StateVerdict.InProgress);
        scenario.Item("m0-0").IsInFlight.ShouldBeTrue();

        scenario.Send(new CancelItem(M0, true, "ben", "")).Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
        scenario.Events.OfType<ItemCancelRequested>().ShouldBeEmpty("that was said");
        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);
    }

    [Fact]
    public void Machine_that_settles_it_after_all_is_believed()
    {
        var scenario = Rereading(RetryClass.RereadState).Send(new CancelItem(M0, true, "ann", "")).Send(new RecheckItem(M0, "ann"));

        scenario.Recheck("m0-0", StateVerdict.FailedBack).Status("m0-0").ShouldBe(ItemStatus.Succeeded);
    }

    [Fact]
    public void Campaign_that_stops_ends_when_the_last_item_is_given_up()
    {
        var scenario = Rereading(RetryClass.RereadState).Send(new StopCampaign("ann", ""));
        scenario.State.Status.ShouldBe(CampaignStatus.Stopping);

        scenario.Send(new CancelItem(M0, true, "ann", "")).State.Status.ShouldBe(CampaignStatus.Stopped);
    }

    [Fact]
    public void Act_that_frees_it_is_named()
    {
        var scenario = Rereading(RetryClass.RereadState);

        var wait = WhyNot.Of(scenario.State, scenario.Item("m0-0"), scenario.Now).ShouldNotBeNull();
        (wait.Code, wait.Subject, wait.Explanation, wait.Act).ShouldBe(("RECHECK", "WRONG", "State seen.", $"failback campaign cancel test {M0} --confirm-possible-data-loss"));
        wait.EarliestTime.ShouldNotBeNull().ShouldBeGreaterThan(scenario.Now);
    }

    [Fact]
    public void Agent_is_asked_again_by_each_cancellation()
    {
        var scenario = Scenario.Started("", Estate.Uniform(1, 1)).Running("m0-0").Send(new CancelItem(M0, true, "ann", "wrong machine"));
        scenario.Send(new CancelItem(M0, true, "ann", "wrong machine"));

        scenario.Events.ShouldBeEmpty();
        scenario.Effects.OfType<CancelOperation>().ShouldHaveSingleItem().Reason.ShouldBe("ann requested cancellation: wrong machine");
    }
}
