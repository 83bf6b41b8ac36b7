using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Tests.Operations.Model;

/// <summary>How long ago an intent was, whatever was done to the clock since.</summary>
public sealed class IntentEvidenceTests
{
    private readonly SetClock _time = new();
    private readonly IntentEvidence _intent;

    public IntentEvidenceTests() => _intent = new IntentEvidence(_time.GetUtcNow(), 5, []) { Counter = IntentEvidence.CounterOf(_time) };

    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(-10, 5, 5)]
    [InlineData(-4, 5, 5)]
    [InlineData(10, 15, 5)]
    public void Absence_is_not_made_shorter_by_a_clock_and_a_limit_is_not_reached_by_one(int setBy, int elapsed, int measured)
    {
        _time.Pass(TimeSpan.FromMinutes(5));
        _time.Clock += TimeSpan.FromMinutes(setBy);

        _intent.ElapsedAt(_time).ShouldBe(TimeSpan.FromMinutes(elapsed));
        _intent.MeasuredAt(_time).ShouldBe(TimeSpan.FromMinutes(measured));
    }

    [Fact]
    public void Clock_tells_where_the_host_was_restarted_or_an_older_agent_has_written_it()
    {
        var restarted = _intent with { Counter = IntentEvidence.CounterOf(_time) + TimeSpan.FromDays(30) };
        _time.Pass(TimeSpan.FromMinutes(5));

        restarted.ElapsedAt(_time).ShouldBe(TimeSpan.FromMinutes(5));
        (restarted with { Counter = null }).MeasuredAt(_time).ShouldBe(TimeSpan.FromMinutes(5));
        _time.Clock -= TimeSpan.FromMinutes(10);
        restarted.ElapsedAt(_time).ShouldBeLessThan(TimeSpan.Zero, "nothing tells");
    }

    /// <summary>A clock that can be set apart from its counter.</summary>
    private sealed class SetClock : TimeProvider
    {
        private TimeSpan _counter = TimeSpan.FromDays(3);

        public DateTimeOffset Clock { get; set; } = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => (Clock, _counter) = (Clock + time, _counter + time);

        public override DateTimeOffset GetUtcNow() => Clock;

        public override long GetTimestamp() => _counter.Ticks;
    }
}
