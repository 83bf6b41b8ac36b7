using HostAgent.HyperV.Simulation.Engine;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Simulation.Tests;

public sealed class HostClockTests
{
    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public void A_clock_that_is_set_while_the_host_is_open_changes_nothing(int minutes)
    {
        var time = new SettableClock(Stage.Began);
        var clock = new HostClock(time, DateTimeOffset.MinValue);
        time.Steady.Advance(TimeSpan.FromSeconds(5));
        time.Set = TimeSpan.FromMinutes(minutes);
        new DateTimeOffset(clock.Now, TimeSpan.Zero).ShouldBe(Stage.Began.AddSeconds(5));
    }

    [Fact]
    public void A_clock_that_stands_before_the_files_last_line_goes_on_from_there()
    {
        var clock = new HostClock(new FakeTimeProvider(Stage.Began), Stage.Began.AddHours(1));
        new DateTimeOffset(clock.Now, TimeSpan.Zero).ShouldBe(Stage.Began.AddHours(1));
    }

    /// <summary>A wall clock that can be set, over a timestamp that cannot.</summary>
    private sealed class SettableClock(DateTimeOffset start) : TimeProvider
    {
        public FakeTimeProvider Steady { get; } = new(start);

        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => Steady.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Steady.GetUtcNow() + Set;

        public override long GetTimestamp() => Steady.GetTimestamp();
    }
}
