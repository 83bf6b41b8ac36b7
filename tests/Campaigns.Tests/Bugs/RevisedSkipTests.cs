using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Bugs;

/// <summary>
/// An item was skipped before the start and the document then replaced: the skip was void and yet counted, so that a campaign with a
/// failure ended COMPLETED. Found by reading.
/// </summary>
public class RevisedSkipTests
{
    [Fact]
    public void Skip_before_an_edit_does_not_count_after_it()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 2)).Send(new SkipItem(Estate.ItemOf("m0-0"), "ann", ""));
        scenario.Send(new ReviseCampaign(scenario.State.Spec!, CampaignPlanner.Plan(scenario.State.Spec!, Estate.Uniform(1, 2)).Plan, "edited", "bob"));

        scenario.Send(new StartCampaign(null, "ann")).Succeed("m0-0").Fail("m0-1");

        scenario.State.Status.ShouldBe(CampaignStatus.CompletedWithFailures);
    }
}
