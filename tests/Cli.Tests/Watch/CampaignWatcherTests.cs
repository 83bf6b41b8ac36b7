using System.Threading.Channels;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Cli.Watch;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Watch;

public sealed class CampaignWatcherTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Display_that_shows_why_items_wait_is_told_it_after_a_change()
    {
        var end = new TaskCompletionSource();
        Stream(end.Task);
        coordinator.Campaigns.On<ExplainCampaignRequest, ExplainCampaignResponse>(_ => new ExplainCampaignResponse { MovingCount = 7 });
        var display = new Display();

        var watching = WatchAsync(display);
        var told = await display.Told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        end.SetResult();

        told.MovingCount.ShouldBe(7);
        (await watching).State.ShouldBe(CampaignState.Completed);
        coordinator.Campaigns.Requests.OfType<ExplainCampaignRequest>().ShouldHaveSingleItem().ShouldBe(new ExplainCampaignRequest { Name = "campaigns/return-to-east" });
    }

    [Fact]
    public async Task Older_coordinator_that_cannot_tell_is_watched_without_it()
    {
        var end = new TaskCompletionSource();
        Stream(end.Task);
        var asked = new TaskCompletionSource();
        coordinator.Campaigns.On<ExplainCampaignRequest, ExplainCampaignResponse>(_ =>
        {
            asked.TrySetResult();
            throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Unimplemented, "unknown method"));
        });
        var display = new Display();

        var watching = WatchAsync(display);
        await asked.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        end.SetResult();

        (await watching).State.ShouldBe(CampaignState.Completed);
        display.Told.Reader.TryRead(out _).ShouldBeFalse();
    }

    private async Task<Campaign> WatchAsync(Display display)
    {
        var files = coordinator.Operator;
        using var connection = CoordinatorConnection.Open(
            new ConnectionSettings([new Uri(coordinator.Address)], files.CertificatePath!, files.PrivateKeyPath!, files.AuthorityPath!), TimeProvider.System);
        return await new CampaignWatcher(connection.Campaigns, TimeProvider.System).WatchAsync("campaigns/return-to-east", display, TestContext.Current.CancellationToken);
    }

    private void Stream(Task end)
    {
        coordinator.Campaigns.Reset();
        coordinator.Campaigns.Watch = async (_, stream, context) =>
        {
            await stream.WriteAsync(Some.Update(Some.Campaign()), context.CancellationToken);
            await end.WaitAsync(context.CancellationToken);
            await stream.WriteAsync(Some.Update(Some.Campaign(CampaignState.Completed)), context.CancellationToken);
        };
    }

    private sealed class Display : IWatchDisplay
    {
        public Channel<ExplainCampaignResponse> Told { get; } = Channel.CreateUnbounded<ExplainCampaignResponse>();

        public bool ShowsWaits => true;

        public Task<Campaign> ShowAsync(Func<Task<Campaign>> watch) => watch();

        public void Update(CampaignUpdate update)
        {
        }

        public void Disconnected(string reason)
        {
        }

        public void Remark(string text)
        {
        }

        public void Explain(ExplainCampaignResponse waits) => Told.Writer.TryWrite(waits);
    }
}
