using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class ProgressTests
{
    private static Scenario Progress(Scenario scenario, int? percent)
        => scenario.Send(new AttemptProgressed(Estate.ItemOf("m0-0"), scenario.Item("m0-0").Attempt, percent));

    [Fact]
    public void Progress_that_grows_or_stands_is_no_event()
    {
        var scenario = Scenario.Started("", Estate.Uniform(1, 1)).Running("m0-0");
        foreach (var percent in new int?[] { 10, 60, 60, null, 61 })
        {
            Progress(scenario, percent).Events.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Progress_that_goes_back_is_an_event_that_says_so()
    {
        var scenario = Progress(Scenario.Started("", Estate.Uniform(1, 1)).Running("m0-0"), 60);

        var wentBack = Progress(scenario, 40).Events.ShouldHaveSingleItem().ShouldBeOfType<ItemProgressWentBack>();
        (wentBack.From, wentBack.To).ShouldBe((60, 40));
        scenario.Item("m0-0").Explanation.ShouldBe("The host's progress has gone back from 60% to 40%.");
        Progress(scenario, 41).Events.ShouldBeEmpty();
        Progress(scenario, 30).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void Progress_told_by_the_first_news_counts_and_so_does_what_a_lost_host_tells()
    {
        var scenario = Progress(Scenario.Started("", Estate.Uniform(1, 1)), 60);
        Progress(scenario, 50).Events.OfType<ItemProgressWentBack>().ShouldHaveSingleItem();

        scenario.Send(new HostUnreachable("h0", "No heartbeat."));
        Progress(scenario, 40).Events.OfType<ItemProgressWentBack>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Progress_of_a_new_attempt_begins_anew()
    {
        var scenario = Progress(Scenario.Started("retry: {attempts: 2}", Estate.Uniform(1, 1)).Running("m0-0"), 60).Fail("m0-0", RetryClass.BackOff);
        scenario.WaitThrough(TimeSpan.FromMinutes(1)).Running("m0-0");

        Progress(scenario, 5).Events.ShouldBeEmpty();
    }
}
