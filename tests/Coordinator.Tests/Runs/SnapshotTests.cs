using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Runs;

public sealed class SnapshotTests : CoordinatorTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_campaign_is_taken_up_from_its_snapshot_or_without_it_when_it_cannot_be_read(bool isSpoilt)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2", "vm-3");
        agent.Holds = operation => operation.VirtualMachineName != "vm-1";
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 1}"));
        var before = await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts is { Succeeded: 1, Running: 1 }, "vm-1 to be done and vm-2 to run");
        var store = Coordinator.Get<IEventStore>();
        var snapshot = (await store.LoadSnapshotAsync(Guid.Parse(campaign.Uid), default)).ShouldNotBeNull();
        snapshot.Version.ShouldBeGreaterThan(4);
        if (isSpoilt)
        {
            await store.AppendAsync(new StreamAppend(Guid.Parse(campaign.Uid), 0, [], [], null)
            {
                Snapshot = new StreamSnapshot(before.Campaign.Version + 1000, snapshot.Data[..(snapshot.Data.Length / 2)]),
            });
        }

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        var taken = await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the campaign to be taken up");
        taken.Campaign.Counts.ShouldBe(before.Campaign.Counts);
        taken.Item("vm-1").State.ShouldBe(ItemState.Succeeded);
        taken.Item("vm-2").OperationId.ShouldBe(before.Item("vm-2").OperationId);
        agent.Holds = _ => false;
        agent.Operation("vm-2").Succeed();
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(3);
    }
}
