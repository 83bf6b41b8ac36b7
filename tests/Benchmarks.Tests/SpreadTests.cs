namespace HostAgent.Benchmarks.Tests;

public sealed class SpreadTests
{
    [Fact]
    public void Of_rounds_is_their_median_with_the_extremes()
    {
        var spread = Spread.Of([900.26, 10, 30], digits: 1);

        spread.ShouldBe(new Spread(Median: 30, Lowest: 10, Highest: 900.3));
        spread.ToText("N1").ShouldBe("30.0 (10.0–900.3)");
    }
}
