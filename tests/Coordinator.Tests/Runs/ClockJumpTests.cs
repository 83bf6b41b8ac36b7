using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Runs;

/// <summary>A clock that is set, or a machine that slept: what was not waited for is not overdue.</summary>
public sealed class ClockJumpTests : CoordinatorTest
{
    private readonly SetClock _clock = new();

    [Fact]
    public async Task Host_that_is_away_while_the_clock_is_set_forward_is_waited_for()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync(_clock);
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");
        await agent.StopAsync();
        await UntilHostAsync("hv-west-01", Reachability.Unreachable);

        _clock.Ahead = TimeSpan.FromHours(1);
        var paused = await Coordinator.Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name });

        paused.Counts.UnknownOutcome.ShouldBe(0);
        await Coordinator.Campaigns.ResumeCampaignAsync(new ResumeCampaignRequest { Name = campaign.Name });
        await agent.StartAsync();
        agent.Operations.Values.Single().Succeed();
        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        end.Item("vm-1").State.ShouldBe(ItemState.Succeeded);
        end.Item("vm-1").Attempt.ShouldBe(1);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Window_that_was_entered_is_not_left_by_a_clock_that_is_set_back_and_events_stay_in_order()
    {
        // Half a minute after it opened.
        var now = TimeProvider.System.GetUtcNow();
        _clock.Ahead = TimeSpan.FromDays(1) - now.TimeOfDay + new TimeSpan(20, 0, 30);
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Holds = _ => true;
        await StartCoordinatorAsync(_clock);
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: ["window: {opens: '20:00', closes: '23:00', timeZone: UTC}", "limits: {host: 1}"]));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the first item to run");

        _clock.Ahead -= TimeSpan.FromMinutes(10);
        agent.Operations.Values.Single().Succeed();
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts is { Succeeded: 1, Running: 1 }, "the second item to run");

        var times = await Coordinator.Get<IEventStore>().LoadAsync(Guid.Parse(campaign.Uid), 0, default).Select(stored => CampaignEventCodec.Read(stored.Data).At).ToListAsync();
        times.ShouldBe(times.Order());
    }

    [Fact]
    public void Only_what_the_clock_is_ahead_of_the_counter_is_a_jump()
    {
        var jumps = new ClockJumps(_clock);

        jumps.Take(_clock.GetUtcNow()).ShouldBeNull();
        _clock.Ahead = TimeSpan.FromHours(1);
        jumps.Take(_clock.GetUtcNow()).ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        jumps.Take(_clock.GetUtcNow()).ShouldBeNull("it is told once");
        _clock.Ahead = TimeSpan.Zero;
        jumps.Take(_clock.GetUtcNow()).ShouldBeNull("it was set back");
        jumps.Take(_clock.GetUtcNow() + TimeSpan.FromSeconds(50)).ShouldBeNull("that much is slewed");
    }

    /// <summary>The system's clock, which somebody sets; its counter and timers go on as they did.</summary>
    private sealed class SetClock : TimeProvider
    {
        private long _ahead;

        public TimeSpan Ahead
        {
            get => new(Volatile.Read(ref _ahead));
            set => Volatile.Write(ref _ahead, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
