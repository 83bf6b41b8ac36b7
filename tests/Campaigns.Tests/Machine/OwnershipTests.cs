using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>Agents that refuse this coordinator: the campaign stands still, says why, backs off, and can be ended.</summary>
public sealed class OwnershipTests
{
    private const string Spec = "retry: {attempts: 9, initial: 30s, max: 10m, jitter: 0}\nlimits: {campaign: 1}\ntolerance: {failures: 9}";

    [Fact]
    public void Refused_coordinator_starts_nothing_more_and_repeats_the_call_under_a_higher_epoch()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 2));
        Fence(scenario, "m0-0");

        scenario.State.IsBlocked.ShouldBeTrue();
        scenario.State.Explanation.ShouldStartWith("Host h0 rejects this coordinator: epoch 9 has been seen");
        scenario.State.Epoch.ShouldBe(2);
        scenario.Initiated.ShouldBeEmpty();

        scenario.Wait(TimeSpan.FromSeconds(30)).Effects.OfType<StartOperation>().ShouldHaveSingleItem().Epoch.ShouldBe(2);
        scenario.Running("m0-0").State.Status.ShouldBe(CampaignStatus.Running);
        scenario.State.IsBlocked.ShouldBeFalse();
    }

    [Fact]
    public void Refusals_that_go_on_grow_the_pause_and_neither_the_log_nor_the_epoch_without_bound()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1));
        var hours = Scenario.Begin.AddHours(24);
        var refusals = 0;
        for (; scenario.Now < hours; refusals++)
        {
            Fence(scenario, "m0-0");
            scenario.Wait(TimeSpan.FromMinutes(10));
        }

        refusals.ShouldBeLessThan(150);
        scenario.Log.Count.ShouldBeLessThan(10 * refusals);
        scenario.State.IsBlocked.ShouldBeTrue();
    }

    [Fact]
    public void Refusal_that_no_epoch_would_change_leaves_the_epoch_as_it_is()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 2));
        for (var refusal = 0; refusal < 20; refusal++)
        {
            Fence(scenario, "m0-0", isBehind: false);
            scenario.Wait(TimeSpan.FromMinutes(10));
        }

        scenario.State.Epoch.ShouldBe(1);
        scenario.State.IsBlocked.ShouldBeTrue();
        scenario.Running("m0-0").State.IsBlocked.ShouldBeFalse();
    }

    [Fact]
    public void Stop_ends_a_blocked_campaign_at_once_and_tells_what_may_have_been_sent_from_what_was_not()
    {
        var scenario = Scenario.Started("limits: {campaign: 2}\ntolerance: {failures: 9}", Estate.Uniform(1, 3));
        scenario.Send(new AttemptClaimed(Estate.ItemOf("m0-0"), 1, new AgentJournal(Guid.NewGuid(), 1))).Undelivered("m0-0", mayHaveBeenDelivered: true);
        scenario.Send(new HostReachable("h0"));
        Fence(scenario, "m0-0");
        Fence(scenario, "m0-1");

        scenario.Send(new StopCampaign("ann", "another coordinator has it"));

        scenario.State.Status.ShouldBe(CampaignStatus.Stopped);
        scenario.Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
        scenario.Item("m0-0").FailureReason.ShouldBe("COORDINATOR_REFUSED");
        scenario.Status("m0-1").ShouldBe(ItemStatus.Cancelled);
        scenario.Status("m0-2").ShouldBe(ItemStatus.Pending);
    }

    [Fact]
    public void Item_whose_call_never_arrived_is_cancelled_at_once()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 1));
        Fence(scenario, "m0-0");

        scenario.Send(new CancelItem(Estate.ItemOf("m0-0"), true, "ann", "")).Status("m0-0").ShouldBe(ItemStatus.Cancelled);
        scenario.Effects.OfType<CancelOperation>().ShouldBeEmpty();
    }

    [Fact]
    public void Block_outlives_a_restart_with_or_without_a_snapshot()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 2));
        Fence(scenario, "m0-0");
        scenario.Crash();

        scenario.State.IsBlocked.ShouldBeTrue();
        scenario.Initiated.ShouldNotContain("m0-1");
    }

    [Fact]
    public void Failed_item_of_a_machine_that_went_home_by_hand_can_be_resolved_as_succeeded()
    {
        var scenario = Scenario.Started("tolerance: {failures: 9}", Estate.Uniform(1, 1)).Fail("m0-0");
        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);

        scenario.Send(new ResolveItem(Estate.ItemOf("m0-0"), true, "ann", "I failed it back by hand")).Status("m0-0").ShouldBe(ItemStatus.Succeeded);
        scenario.State.Status.ShouldBe(CampaignStatus.Completed);
        scenario.Events.OfType<ItemResolved>().ShouldHaveSingleItem();
    }

    private static void Fence(Scenario scenario, string machine, bool isBehind = true)
        => scenario.Send(new AttemptFenced(Estate.ItemOf(machine), scenario.Item(machine).Attempt, scenario.State.Epoch, isBehind, "epoch 9 has been seen."));
}
