using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>
/// A coordinator that took a paused campaign over told no agent of it before it started something: until then a former owner that woke up was obeyed, and started
/// what a person had paused.
/// </summary>
public sealed class FormerOwnerObeyedTests : CoordinatorTest
{
    [Fact]
    public async Task Agents_of_a_campaign_that_starts_nothing_are_told_who_has_taken_it_over()
    {
        var first = await AddAgentAsync("hv-west-01", "vm-1");
        var second = await AddAgentAsync("hv-west-02", "vm-2");
        first.Holds = second.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {campaign: 1}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "an item to run");
        await Coordinator.Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name });
        var before = first.Claims.Concat(second.Claims).Select(claim => claim.CoordinatorInstance).Distinct().ShouldHaveSingleItem();

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        foreach (var agent in Agents)
        {
            await agent.UntilAsync(() => agent.Claims.Any(claim => claim.CoordinatorInstance != before), "the claim of the new owner");
            var claim = agent.Claims.Last();
            claim.Epoch.ShouldBe(2);
            claim.CampaignId.ShouldBe(campaign.Uid);
        }

        first.Initiations.ShouldBeLessThanOrEqualTo(1);
        (first.Initiations + second.Initiations).ShouldBe(1);
    }

    [Fact]
    public async Task Agent_that_is_away_is_told_when_it_is_back()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {campaign: 1}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "an item to run");
        await Coordinator.Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name });
        var claims = agent.Claims.Count;

        await Coordinator.StopAsync();
        await agent.StopAsync();
        await Coordinator.StartAsync();
        await agent.StartAsync();

        await agent.UntilAsync(() => agent.Claims.Count > claims, "the claim of the new owner");
        agent.Claims.Last().Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task Agents_of_a_campaign_that_was_never_started_are_left_alone()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        await Coordinator.WatchToEndAsync(campaign.Name);

        // The one before its first operation.
        agent.Claims.ShouldHaveSingleItem();
    }
}
