using HostAgent.Coordinator.Runs;

namespace HostAgent.Coordinator.Tests.Runs;

/// <summary>The time of a campaign while somebody sets the clock.</summary>
public sealed class CampaignClockTests
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private readonly SetClock _clock = new();
    private readonly CampaignClock _time;

    public CampaignClockTests() => _time = new CampaignClock(_clock);

    [Fact]
    public void A_clock_that_nobody_sets_is_the_time()
    {
        foreach (var minutes in (int[])[0, 1, 90])
        {
            _clock.Pass(TimeSpan.FromMinutes(minutes));
            _time.GetUtcNow().ShouldBe(_clock.Now);
        }
    }

    [Fact]
    public void A_clock_that_is_set_back_is_caught_up_with_at_half_the_speed()
    {
        _time.GetUtcNow().ShouldBe(Evening);
        _clock.Now -= TimeSpan.FromMinutes(10);

        _time.GetUtcNow().ShouldBe(Evening);
        foreach (var (minutes, expected) in (IEnumerable<(int, double)>)[(1, 0.5), (9, 5), (9, 9.5), (1, 10), (1, 11)])
        {
            _clock.Pass(TimeSpan.FromMinutes(minutes));
            _time.GetUtcNow().ShouldBe(Evening.AddMinutes(expected));
        }

        _time.GetUtcNow().ShouldBe(_clock.Now);
    }

    [Fact]
    public void A_clock_that_is_right_again_is_followed_at_once()
    {
        _time.GetUtcNow();
        _clock.Now -= TimeSpan.FromMinutes(10);
        _clock.Pass(TimeSpan.FromSeconds(20));
        _time.GetUtcNow().ShouldBe(Evening.AddSeconds(10));

        _clock.Now += TimeSpan.FromMinutes(10);

        _time.GetUtcNow().ShouldBe(Evening.AddSeconds(20));
    }

    [Fact]
    public void A_clock_that_is_set_forward_is_followed_at_once()
    {
        _time.GetUtcNow();
        _clock.Now += TimeSpan.FromMinutes(10);

        _time.GetUtcNow().ShouldBe(Evening.AddMinutes(10));
    }

    [Fact]
    public void A_clock_that_had_been_wrong_by_days_counts_at_once()
    {
        _time.GetUtcNow();
        _clock.Now -= TimeSpan.FromDays(2);

        _time.GetUtcNow().ShouldBe(Evening.AddDays(-2));
    }

    [Fact]
    public void A_process_goes_on_where_an_earlier_one_has_left_it()
    {
        _time.GoOnFrom(Evening.AddMinutes(4));
        _clock.Pass(TimeSpan.FromMinutes(2));
        _time.GetUtcNow().ShouldBe(Evening.AddMinutes(5));

        _time.GoOnFrom(Evening);
        _time.GetUtcNow().ShouldBe(Evening.AddMinutes(5), "what is older says nothing");
    }

    private sealed class SetClock : TimeProvider
    {
        private TimeSpan _counter = TimeSpan.FromDays(3);

        public DateTimeOffset Now { get; set; } = Evening;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => (Now, _counter) = (Now + time, _counter + time);

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => _counter.Ticks;
    }
}
