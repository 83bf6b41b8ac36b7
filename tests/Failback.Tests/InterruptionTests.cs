using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Failback.Tests;

public sealed class InterruptionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Interruption _interruption;

    public InterruptionTests() => _interruption = new Interruption(_time);

    public void Dispose() => _interruption.Dispose();

    [Fact]
    public void The_first_signal_ends_the_command_in_good_order()
    {
        _interruption.Token.IsCancellationRequested.ShouldBeFalse();

        _interruption.Take().ShouldBeTrue();

        _interruption.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void The_same_signal_by_two_ways_is_one_signal()
    {
        _interruption.Take();
        _time.Advance(TimeSpan.FromMilliseconds(200));

        _interruption.Take().ShouldBeTrue();
    }

    [Fact]
    public void A_later_signal_ends_the_process_at_once()
    {
        _interruption.Take();
        _time.Advance(TimeSpan.FromSeconds(1));

        _interruption.Take().ShouldBeFalse();
    }
}
