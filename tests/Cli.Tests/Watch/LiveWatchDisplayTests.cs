using HostAgent.Cli.Tests.Fakes;
using HostAgent.Cli.Watch.Screen;
using HostAgent.Contracts.Campaigns.V1;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console.Testing;

namespace HostAgent.Cli.Tests.Watch;

public sealed class LiveWatchDisplayTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(125);

    private readonly FakeTimeProvider _time = new(Some.Start);

    [Fact]
    public async Task The_last_drawing_is_the_end_and_stays()
    {
        using var console = new TestConsole().Interactive();
        var display = new LiveWatchDisplay(console, _time);

        var campaign = await display.ShowAsync(() =>
        {
            display.Update(Some.Update(Some.Campaign(CampaignState.Completed, Some.Wave("rest", WaveState.Done, 3, succeeded: 3, percent: 100))));
            return Task.FromResult(Some.Campaign(CampaignState.Completed));
        });

        campaign.State.ShouldBe(CampaignState.Completed);
        console.Output.ShouldContain("return-to-east  COMPLETED");
        console.Output.TrimEnd().ShouldEndWith("✘ 0 failed");
    }

    [Fact]
    public async Task However_many_updates_come_a_frame_draws_once()
    {
        using var console = new TestConsole().Interactive();
        var display = new LiveWatchDisplay(console, _time);
        var end = new TaskCompletionSource<Campaign>();

        var show = display.ShowAsync(() => end.Task);
        for (var percent = 0; percent <= 100; percent++)
        {
            display.Update(Some.Update(Some.Campaign(CampaignState.Running), false, Some.Item("sql-01", "hv-1", ItemState.Running, percent: percent)));
        }

        end.SetResult(Some.Campaign());
        await show;

        console.Output.Split("return-to-east  RUNNING").Length.ShouldBeLessThanOrEqualTo(3);
        console.Output.ShouldContain("sql-01 100%");
    }

    [Fact]
    public async Task A_failed_watch_ends_the_drawing_and_fails()
    {
        using var console = new TestConsole().Interactive();
        var display = new LiveWatchDisplay(console, _time);

        var show = display.ShowAsync(() => Task.FromException<Campaign>(new InvalidOperationException("broken")));

        (await Should.ThrowAsync<InvalidOperationException>(show)).Message.ShouldBe("broken");
        _time.Advance(Frame);
    }
}
