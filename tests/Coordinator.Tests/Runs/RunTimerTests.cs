using HostAgent.Coordinator.Runs;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Coordinator.Tests.Runs;

public sealed class RunTimerTests
{
    private readonly FakeTimeProvider _time = new();
    private int _nudges;

    [Fact]
    public void It_elapses_once_at_its_time_and_not_before()
    {
        using var timer = new RunTimer(_time, () => _nudges++);
        timer.Set(_time.GetUtcNow().AddMinutes(1));

        _time.Advance(TimeSpan.FromSeconds(59));
        timer.TakeElapsed().ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));

        _nudges.ShouldBe(1);
        timer.TakeElapsed().ShouldBeTrue();
        timer.TakeElapsed().ShouldBeFalse();
    }

    [Fact]
    public void A_later_time_replaces_the_former()
    {
        using var timer = new RunTimer(_time, () => _nudges++);
        timer.Set(_time.GetUtcNow().AddSeconds(10));
        timer.Set(_time.GetUtcNow().AddSeconds(50));

        _time.Advance(TimeSpan.FromSeconds(20));

        _nudges.ShouldBe(0);
    }

    [Fact]
    public void A_time_that_has_passed_elapses_at_once()
    {
        using var timer = new RunTimer(_time, () => _nudges++);
        timer.Set(_time.GetUtcNow().AddMinutes(-1));

        _time.Advance(TimeSpan.FromMilliseconds(1));

        timer.TakeElapsed().ShouldBeTrue();
    }

    [Fact]
    public void A_time_that_is_far_away_is_looked_at_each_minute_since_the_clock_may_be_set()
    {
        using var timer = new RunTimer(_time, () => _nudges++);
        timer.Set(_time.GetUtcNow().AddDays(400));

        _time.Advance(TimeSpan.FromSeconds(59));
        timer.TakeElapsed().ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        timer.TakeElapsed().ShouldBeTrue();
    }
}
