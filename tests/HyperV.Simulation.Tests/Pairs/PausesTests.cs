using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.Tests.Pairs;

public sealed class PausesTests
{
    [Theory]
    [InlineData("", 100, 0)]
    [InlineData("10-20", 20, 0)]
    [InlineData("10-20", 25, 5)]
    [InlineData("10-20 30-40", 40, 10)]
    [InlineData("30-40 10-35", 40, 0)]
    [InlineData("10-20 12-15 30-40 36-60", 70, 20)]
    public void Time_in_which_none_of_the_runs_was_under_way_is_counted_once(string runs, long until, long expected)
        => runs.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(run => run.Split('-'))
            .Select(run => new RunSpan(long.Parse(run[0], System.Globalization.CultureInfo.InvariantCulture), long.Parse(run[1], System.Globalization.CultureInfo.InvariantCulture)))
            .Pauses(until).Ticks.ShouldBe(expected);
}
