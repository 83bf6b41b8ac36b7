using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Bugs;

/// <summary>Of a campaign that was stopped, waves and items that had not ended showed a time that went on growing.</summary>
public sealed class ClockOfEndedCampaignTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task What_has_not_ended_takes_no_longer_than_its_campaign()
    {
        var wave = Some.Wave("rest", WaveState.Running, total: 1);
        var campaign = Some.Campaign(CampaignState.Stopped, wave);
        var item = Some.Item("sql-01", "hv-1", ItemState.Queued);
        (wave.StartTime, item.StartTime, campaign.EndTime) = (campaign.StartTime, campaign.StartTime, campaign.StartTime + Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(70)));
        coordinator.Campaigns.On<GetCampaignRequest, Campaign>(_ => campaign);
        coordinator.Campaigns.On<ListItemsRequest, ListItemsResponse>(_ => new ListItemsResponse { Items = { item } });

        coordinator.Campaigns.On<GetItemRequest, Item>(_ => item);

        (await _failback.RunAsync("campaign", "show", "return-to-east", "--item", "sql-01")).ShouldBe(ExitCode.Success, _failback.Error);
        _failback.OutputLines.Single(line => line.Contains("sql-01", StringComparison.Ordinal)).ShouldContain(" 1:10");
        (await _failback.RunAsync("campaign", "show", "return-to-east", "--items")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines.Single(line => line.StartsWith("rest ", StringComparison.Ordinal)).ShouldContain(" 1:10");
        _failback.OutputLines.Last(line => line.Contains("sql-01", StringComparison.Ordinal)).ShouldContain(" 1:10");
    }
}
