using System.Threading.Channels;
using Grpc.Core;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Watch;

public sealed class WatchCommandTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task Lines_tell_each_change_of_state_once()
    {
        Stream(
            Some.Update(Some.Campaign(CampaignState.Running, Some.Wave("rest", WaveState.Running, 2)), snapshot: true),
            Some.Update(null, false, Some.Item("app-01", "hv-1", ItemState.Pending), Some.Item("app-02", "hv-2", ItemState.Running, percent: 10)),
            Some.Update(null, false, Some.Item("app-02", "hv-2", ItemState.Running, percent: 60)),
            Some.Update(null, false, Some.Item("app-02", "hv-2", ItemState.Succeeded, explanation: "Failed back."), Some.Item("app-01", "hv-1", ItemState.Failed, explanation: "Not found.")),
            Some.Update(Some.Campaign(CampaignState.CompletedWithFailures, Some.Wave("rest", WaveState.Done, 2, succeeded: 1, failed: 1))));

        (await _failback.RunAsync("campaign", "watch", "return-to-east")).ShouldBe(ExitCode.Failed);

        _failback.OutputLines.Select(line => line[22..]).ShouldBe(
        [
            "campaign return-to-east  RUNNING",
            "wave rest  RUNNING  0/2 done",
            "rest  hv-2  app-02  RUNNING",
            "rest  hv-2  app-02  SUCCEEDED  Failed back.",
            "rest  hv-1  app-01  FAILED  Not found.",
            "wave rest  DONE  2/2 done, 1 failed",
            "campaign return-to-east  COMPLETED_WITH_FAILURES",
        ]);
        _failback.Output.ShouldNotContain('\x1b');
    }

    [Fact]
    public void A_new_revision_forgets_the_items_of_the_former()
    {
        var view = new HostAgent.Cli.Watch.CampaignView(TimeProvider.System);
        view.Apply(Some.Update(Some.Campaign(CampaignState.Ready), false, Some.Item("app-01", "hv-1", ItemState.Failed), Some.Item("app-02", "hv-2", ItemState.Pending)));
        var revised = Some.Campaign(CampaignState.Ready);
        revised.Revision++;

        view.Apply(Some.Update(revised, false, Some.Item("app-03", "hv-3", ItemState.Pending)));

        view.Hosts.ShouldHaveSingleItem().Name.ShouldBe("hv-3");
        view.Attention.ShouldBeEmpty();
    }

    [Fact]
    public async Task Json_gives_one_update_on_each_line()
    {
        Stream(
            Some.Update(Some.Campaign(), snapshot: true),
            Some.Update(Some.Campaign(CampaignState.Completed)));

        (await _failback.RunAsync("campaign", "watch", "return-to-east", "--output", "json")).ShouldBe(ExitCode.Success);

        _failback.OutputLines.Count.ShouldBe(2);
        using var last = System.Text.Json.JsonDocument.Parse(_failback.OutputLines[1]);
        last.RootElement.GetProperty("campaign").GetProperty("state").GetString().ShouldBe("CAMPAIGN_STATE_COMPLETED");
        last.RootElement.GetProperty("snapshot").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_terminal_snapshot_is_read_to_its_end()
    {
        Stream(
            Some.Update(Some.Campaign(CampaignState.Completed), snapshot: true),
            Some.Update(null, snapshot: true, Some.Item("app-01", "hv-1", ItemState.Succeeded)),
            Some.Update(null, snapshot: false, Some.Item("app-02", "hv-1", ItemState.Succeeded)));

        (await _failback.RunAsync("campaign", "watch", "return-to-east", "--output", "json")).ShouldBe(ExitCode.Success);

        _failback.OutputLines.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_unknown_campaign_is_one_clear_error()
    {
        coordinator.Campaigns.Watch = (_, _, _) => throw new RpcFailure(StatusCode.NotFound, "CAMPAIGN_NOT_FOUND", "There is no campaign \"nope\".").ToRpcException();

        (await _failback.RunAsync("campaign", "watch", "nope")).ShouldBe(ExitCode.Failed);

        _failback.ErrorLines.ShouldBe(["There is no campaign \"nope\"."]);
    }

    [Fact]
    public async Task A_broken_stream_is_opened_again_and_repeats_nothing()
    {
        var calls = 0;
        coordinator.Campaigns.Watch = async (_, stream, context) =>
        {
            calls++;
            await stream.WriteAsync(Some.Update(Some.Campaign(), false, Some.Item("app-01", "hv-1", ItemState.Running)), context.CancellationToken);
            if (calls == 1)
            {
                throw new RpcFailure(StatusCode.Unavailable, "STOPPING", "The coordinator stops.").ToRpcException();
            }

            await stream.WriteAsync(Some.Update(Some.Campaign(CampaignState.Completed)), context.CancellationToken);
        };

        (await _failback.RunAsync("campaign", "watch", "return-to-east")).ShouldBe(ExitCode.Success);

        calls.ShouldBe(2);
        _failback.OutputLines.Select(line => line[22..]).ShouldBe(
        [
            "campaign return-to-east  RUNNING",
            "rest  hv-1  app-01  RUNNING",
            "Lost the connection to the coordinator; retrying in 1 s: The coordinator stops.",
            "campaign return-to-east  COMPLETED",
        ]);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_watch_and_says_that_the_campaign_goes_on()
    {
        using var interrupted = new CancellationTokenSource();
        var watching = Channel.CreateUnbounded<bool>();
        coordinator.Campaigns.Watch = async (_, stream, context) =>
        {
            await stream.WriteAsync(Some.Update(Some.Campaign()), context.CancellationToken);
            watching.Writer.TryWrite(true);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        };

        var run = _failback.RunAsync(interrupted.Token, "campaign", "watch", "return-to-east");
        await watching.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await interrupted.CancelAsync();

        (await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Interrupted);
        _failback.ErrorLines.ShouldBe(["Stopped watching; campaign return-to-east continues. Watch it again with: failback campaign watch return-to-east"]);
    }

    [Fact]
    public async Task Start_with_watch_starts_and_watches()
    {
        coordinator.Campaigns.On<StartCampaignRequest, Campaign>(_ => Some.Campaign());
        Stream(Some.Update(Some.Campaign(CampaignState.Stopped)));

        (await _failback.RunAsync("campaign", "start", "return-to-east", "--watch")).ShouldBe(ExitCode.Failed);

        coordinator.Campaigns.Requests.Select(request => request.GetType()).ShouldBe([typeof(StartCampaignRequest), typeof(WatchCampaignRequest)]);
    }

    private void Stream(params CampaignUpdate[] updates) => coordinator.Campaigns.Watch = async (_, stream, context) =>
    {
        foreach (var update in updates)
        {
            await stream.WriteAsync(update, context.CancellationToken);
        }
    };
}
