using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Bugs;

/// <summary>
/// A campaign that had ended while paused by its tolerance and was then retried ran on with more failures than it tolerates, and the
/// next failure breached at once. Going on after the end now counts failures anew, as resuming does. Found by the property of rule 3.
/// </summary>
public class ReopenedBudgetTests
{
    [Fact]
    public void Retry_after_the_end_counts_failures_anew()
    {
        var scenario = Scenario.Started("limits: {host: 1}\ntolerance: {failures: 0}", Estate.Uniform(1, 3)).Fail("m0-0")
            .Send(new SkipItem(Estate.ItemOf("m0-1"), "ann", "")).Send(new SkipItem(Estate.ItemOf("m0-2"), "ann", ""));
        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);

        scenario.Send(new RetryItems([Estate.ItemOf("m0-1")], "ann", ""));

        scenario.State.Failures.ShouldBe(0);
        scenario.InFlight.ShouldBe(["m0-1"]);
    }
}
