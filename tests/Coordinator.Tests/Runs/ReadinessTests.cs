using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Runs;

public sealed class ReadinessTests : CoordinatorTest
{
    private const string Required = "readiness: {required: true, ignore: [REPLICATION_LAG]}";

    private static readonly ReadinessCheck NotOff = new()
    {
        Id = "VIRTUAL_MACHINE_NOT_OFF",
        Severity = CheckSeverity.Blocking,
        Observed = "The machine is running.",
        Remedy = "Shut it down.",
    };

    private static readonly ReadinessCheck Lag = new() { Id = "REPLICATION_LAG", Severity = CheckSeverity.Overridable, Observed = "The last replication is 2 h old." };

    [Fact]
    public async Task A_campaign_that_requires_readiness_tells_before_its_start_what_is_not_ready_and_why()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2", "vm-3");
        agent.Finds = machine => machine.Name switch { "vm-1" => [NotOff], "vm-2" => [Lag], _ => [] };
        await StartCoordinatorAsync();

        var campaign = await Coordinator.CreateAsync(Yaml.Campaign(spec: Required));
        var seen = await Coordinator.WatchAsync(campaign.Name, watched => watched.Items.Values.All(item => item.State != ItemState.Pending), "every item to be checked");

        seen.Campaign.State.ShouldBe(CampaignState.Ready);
        seen.Item("vm-1").State.ShouldBe(ItemState.NotReady);
        seen.Item("vm-1").Explanation.ShouldBe("VIRTUAL_MACHINE_NOT_OFF: The machine is running. Shut it down.");
        seen.Item("vm-2").State.ShouldBe(ItemState.Ready);
        seen.Item("vm-3").State.ShouldBe(ItemState.Ready);
        agent.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_item_that_is_not_ready_is_checked_again_and_starts_when_it_is()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        var isOff = false;
        agent.Finds = _ => Volatile.Read(ref isOff) ? [] : [NotOff];
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: [Required, "tolerance: {failures: 1}"]));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Item("vm-1").State is ItemState.NotReady or ItemState.Failed, "the item to be found not ready");
        agent.Calls.ShouldBeEmpty();

        Volatile.Write(ref isOff, true);
        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        if (end.Campaign.State != CampaignState.Completed)
        {
            // So slow that its checks were used up before the machine was off: a person tries again.
            await Coordinator.Campaigns.RetryItemsAsync(new RetryItemsRequest { Name = campaign.Name });
            end = await Coordinator.WatchToEndAsync(campaign.Name);
        }

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(1);
        agent.Checks.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_new_document_makes_what_was_checked_void_and_has_it_checked_anew()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Finds = _ => [NotOff];
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign(spec: Required));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Item("vm-1").State == ItemState.NotReady, "the item to be found not ready");

        agent.Finds = _ => [];
        await Coordinator.Campaigns.UpdateCampaignAsync(new UpdateCampaignRequest
        {
            Name = campaign.Name,
            Document = new CampaignDocument { Text = Yaml.Campaign(spec: [Required, "limits: {host: 1}"]) },
        });

        await Coordinator.WatchAsync(campaign.Name, watched => watched.Item("vm-1").State == ItemState.Ready, "the item to be found ready");
        agent.Checks.Count.ShouldBe(2);
    }
}
