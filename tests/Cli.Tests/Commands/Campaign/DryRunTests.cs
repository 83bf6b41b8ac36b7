using Google.Protobuf;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Commands.Campaign;

public sealed class DryRunTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;

    public DryRunTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
        var fake = coordinator.Campaigns;
        fake.On<StartCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        fake.On<PauseCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        fake.On<ResumeCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        fake.On<StopCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        fake.On<ApproveWaveRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        fake.On<RejectWaveRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        fake.On<EndSoakRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        fake.On<RetryItemsRequest, RetryItemsResponse>(_ => new RetryItemsResponse());
        fake.On<SkipItemRequest, Item>(_ => Some.Item("sql-01", "hv", ItemState.Skipped));
        fake.On<CancelItemRequest, Item>(_ => Some.Item("sql-01", "hv", ItemState.Cancelled));
        fake.On<ResolveItemRequest, Item>(_ => Some.Item("sql-01", "hv", ItemState.Failed));
    }

    public void Dispose() => _failback.Dispose();

    [Theory]
    [InlineData("start x --watch")]
    [InlineData("pause x")]
    [InlineData("resume x")]
    [InlineData("stop x --take-back")]
    [InlineData("approve x w")]
    [InlineData("reject x w")]
    [InlineData("end-soak x w")]
    [InlineData("retry x a b")]
    [InlineData("skip x a")]
    [InlineData("cancel x a --confirm-possible-data-loss")]
    [InlineData("resolve x a --as failed --reason seen")]
    public async Task Every_command_that_changes_a_campaign_can_be_tried(string command)
    {
        (await _failback.RunAsync(["campaign", .. command.Split(' '), "--dry-run"])).ShouldBe(ExitCode.Success, _failback.Error);
        _failback.ErrorLines.ShouldContain("Dry run: nothing changes. This is what would be shown right after it:");
        IsTrial(_coordinator.Campaigns.Requests.ShouldHaveSingleItem()).ShouldBeTrue();

        (await _failback.RunAsync(["campaign", .. command.Split(' ').Where(word => word != "--watch")])).ShouldBe(ExitCode.Success, _failback.Error);
        IsTrial(_coordinator.Campaigns.Requests[^1]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_trial_needs_no_name_of_a_protected_context()
    {
        await _failback.RunAsync("context", "add", "prod", "--protected");
        _failback.Environment.Clear();

        (await _failback.RunAsync("campaign", "pause", "x", "--dry-run")).ShouldBe(ExitCode.Success, _failback.Error);
        (await _failback.RunAsync("campaign", "pause", "x")).ShouldBe(ExitCode.Invalid);
    }

    private static bool IsTrial(IMessage request) => request.Descriptor.FindFieldByName("validate_only").Accessor.GetValue(request) is true;
}
