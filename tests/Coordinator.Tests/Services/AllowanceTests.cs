using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>What the explanation of a campaign tells beside its reasons: the budget that is left, and the limits in use.</summary>
public sealed class AllowanceTests : CoordinatorTest
{
    private Scenarios _scenarios = null!;

    public override async ValueTask InitializeAsync()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        _scenarios = new Scenarios(Coordinator, agent);
    }

    [Fact]
    public async Task Limits_under_which_items_are_in_flight_are_told_the_fullest_first_and_open_ones_are_not()
    {
        // The scenario allows one item on a host; the document leaves sites, links and tenants open.
        var campaign = await _scenarios.InAsync(CampaignState.Running);
        var told = await Coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name });
        told.Limits.Select(limit => (limit.Limit, limit.Subject, limit.Used, limit.Allowed)).ShouldBe([("host", "hv-west-01", 1, 1)]);
        (told.Failures, told.ToleratedFailures).ShouldBe((0, 2));
    }

    [Fact]
    public async Task Failures_that_count_are_told_and_limits_without_items_are_not()
    {
        var campaign = await _scenarios.InAsync(CampaignState.CompletedWithFailures);
        var told = await Coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name });
        (told.Failures, told.ToleratedFailures).ShouldBe((2, 2));
        told.Limits.ShouldBeEmpty();
    }
}
