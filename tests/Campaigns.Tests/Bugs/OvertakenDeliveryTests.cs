using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Bugs;

/// <summary>
/// When nobody woke the machine until both the next delivery and the end of the patience were due, it gave the item up and asked the
/// agent to initiate it in the same turn. Found by the random campaigns.
/// </summary>
public class OvertakenDeliveryTests
{
    [Fact]
    public void Item_given_up_in_a_turn_is_not_initiated_in_that_turn()
    {
        var scenario = Scenario.Started("timeouts: {unreachable: 5m}\ntolerance: {failures: 9}", Estate.Uniform(1, 1)).Undelivered("m0-0", mayHaveBeenDelivered: true);
        scenario.Wait(TimeSpan.FromHours(1));

        scenario.Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
        scenario.Effects.OfType<StartOperation>().ShouldBeEmpty();
    }

    [Fact]
    public void Call_that_never_arrived_is_not_taken_for_an_unknown_outcome_because_nobody_woke_the_machine()
    {
        var scenario = Scenario.Started("timeouts: {unreachable: 5m}", Estate.Uniform(1, 1)).Undelivered("m0-0", mayHaveBeenDelivered: false);
        scenario.Wait(TimeSpan.FromHours(1));

        scenario.History.OfType<ItemOutcomeUnknown>().ShouldBeEmpty();
        scenario.Events.OfType<ItemRetryScheduled>().ShouldHaveSingleItem().Reason.ShouldBe("HOST_UNREACHABLE");
    }
}
