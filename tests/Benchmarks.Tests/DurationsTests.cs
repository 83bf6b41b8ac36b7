using System.Diagnostics;

namespace HostAgent.Benchmarks.Tests;

public sealed class DurationsTests
{
    [Fact]
    public void Of_tells_the_middle_the_tail_and_the_longest_in_microseconds()
    {
        var ofAMicrosecond = Stopwatch.Frequency / 1_000_000;
        var durations = Durations.Of([.. Enumerable.Range(1, 200).Reverse().Select(microseconds => microseconds * ofAMicrosecond)]);

        durations.ShouldBe(new Durations(Count: 200, MeanMicroseconds: 100.5, MedianMicroseconds: 101, P99Microseconds: 199, LongestMicroseconds: 200));
    }
}
