using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class ResumeTests
{
    [Fact]
    public void Resume_asks_again_for_what_was_starting_and_watches_what_was_running_under_a_new_epoch()
    {
        var scenario = Scenario.Started("limits: {host: 2}", Estate.Uniform(1, 3)).Running("m0-0");
        var operation = scenario.Item("m0-1").OperationId;
        scenario.Crash();

        scenario.Events.ShouldHaveSingleItem().ShouldBeOfType<EpochAdvanced>().Epoch.ShouldBe(2);
        scenario.Effects.OfType<StartOperation>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            initiate => initiate.OperationId.ShouldBe(operation!.Value),
            initiate => initiate.Epoch.ShouldBe(2),
            initiate => initiate.Attempt.ShouldBe(1));
        scenario.Effects.OfType<Watch>().ShouldHaveSingleItem().Item.ShouldBe(Estate.ItemOf("m0-0"));
    }

    [Fact]
    public void Resume_of_a_campaign_that_is_not_under_way_stores_nothing()
    {
        Scenario.Planned("", Estate.Uniform(1, 1)).Crash().Events.ShouldBeEmpty();
        Scenario.Started("", Estate.Uniform(1, 1)).Succeed("m0-0").Crash().Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Resume_of_a_scheduled_campaign_wakes_at_its_start()
        => Scenario.Planned("", Estate.Uniform(1, 1)).Send(new StartCampaign(Scenario.Begin.AddHours(1), "ann")).Crash()
            .Effects.ShouldBe([new WakeAt(Scenario.Begin.AddHours(1))]);

    [Fact]
    public void Resume_after_a_long_absence_asks_the_agents_before_it_gives_anything_up()
    {
        var scenario = Scenario.Started("timeouts: {unreachable: 15m, item: 1h}", Estate.Uniform(1, 1)).Running("m0-0").Send(new HostUnreachable("h0", "gone"));
        scenario.Now += TimeSpan.FromHours(5);

        scenario.Crash().Send(new TimerElapsed()).Status("m0-0").ShouldBe(ItemStatus.Running);
        scenario.Succeed("m0-0").Status("m0-0").ShouldBe(ItemStatus.Succeeded);
    }

    [Fact]
    public void Resume_takes_a_stored_intent_for_a_call_that_may_have_been_made()
    {
        var scenario = Scenario.Started("timeouts: {unreachable: 15m}\ntolerance: {failures: 9}", Estate.Uniform(1, 1)).Crash().Undelivered("m0-0", mayHaveBeenDelivered: false);

        scenario.WaitThrough(TimeSpan.FromMinutes(16)).Status("m0-0").ShouldBe(ItemStatus.UnknownOutcome);
    }

    [Fact]
    public void Replay_of_a_log_without_its_beginning_is_refused()
        => Should.Throw<InvalidOperationException>(() => CampaignMachine.Replay([new CampaignStarted("ann")]));
}
