using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>The percentage of a machine that comes home host to host was that of whatever its return did at the moment: 100 while it was still shut down, and less after that.</summary>
public sealed class PercentOfSwitchTests
{
    [Fact]
    public async Task Percentage_grows_within_a_step_and_is_100_for_nothing_that_has_not_ended()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var campaign = await stage.Coordinator.Campaigns.CreateCampaignAsync(new CreateCampaignRequest
        {
            Document = new CampaignDocument
            {
                Text = """
                    apiVersion: failback/v1
                    kind: Campaign
                    metadata: {name: return-to-east}
                    spec:
                      targets: [{host: hv-west-01}]
                      strategy: {name: host-to-host, attach: automatic, outage: automatic}
                    """,
            },
            AcceptWarnings = true,
        });
        var shown = new List<(int Attempt, int Percent)>();
        using var call = stage.Coordinator.Campaigns.WatchCampaign(new WatchCampaignRequest { Name = campaign.Name }, cancellationToken: TestContext.Current.CancellationToken);
        await stage.Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            var update = call.ResponseStream.Current;
            shown.AddRange(update.Items.Where(item => item is { State: ItemState.Running, HasPercentComplete: true }).Select(item => (item.Attempt, item.PercentComplete)));
            foreach (var wave in update.Campaign?.Waves ?? [])
            {
                (wave.PercentComplete == 100).ShouldBe(wave.Counts.Succeeded == wave.Counts.Total, update.ToString());
            }

            if (update.Campaign?.State == CampaignState.Completed)
            {
                break;
            }
        }

        shown.ShouldAllBe(one => one.Percent < 100);
        shown.ShouldBe(shown.OrderBy(one => one.Attempt).ThenBy(one => one.Percent));
        shown.ShouldContain(one => one.Attempt == 2 && one.Percent > 0);
    }
}
