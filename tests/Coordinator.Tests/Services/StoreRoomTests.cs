using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>The last of the disk is kept for the campaigns that exist.</summary>
public sealed class StoreRoomTests : CoordinatorTest
{
    private const string MoreThanAnyDisk = "1099511627776";

    [Fact]
    public async Task Disk_that_runs_low_takes_no_new_document_and_every_command_on_those_it_has()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var created = await Coordinator.CreateAsync(Yaml.Campaign());
        await Coordinator.StopAsync();
        Coordinator.Arguments = ["--Coordinator:MinFreeSpace", MoreThanAnyDisk];
        await Coordinator.StartAsync();

        var refusals = new[]
        {
            await RefusalAsync(() => Coordinator.CreateAsync(Yaml.Campaign(name: "another"))),
            await RefusalAsync(async () => await Coordinator.Campaigns.UpdateCampaignAsync(new UpdateCampaignRequest
            {
                Name = created.Name,
                Document = new CampaignDocument { Text = Yaml.Campaign() },
            })),
        };

        refusals.ShouldAllBe(refused => refused.StatusCode == StatusCode.ResourceExhausted && refused.Reason == "STORE_LOW" && refused.RetryDelay > TimeSpan.Zero);
        refusals[0].Metadata["min_free_bytes"].ShouldBe(MoreThanAnyDisk);

        // Repeating what is stored needs no room; nor does taking it home.
        (await Coordinator.CreateAsync(Yaml.Campaign())).Uid.ShouldBe(created.Uid);
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = created.Name });
        (await Coordinator.WatchToEndAsync(created.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        await Coordinator.Campaigns.DeleteCampaignAsync(new DeleteCampaignRequest { Name = created.Name, ConfirmName = "return-to-east" });
    }

    private static async Task<RpcFailure> RefusalAsync(Func<Task> call) => RpcFailure.From(await Should.ThrowAsync<RpcException>(call));
}
