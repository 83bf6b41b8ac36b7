namespace HostAgent.Benchmarks.Tests;

public sealed class MedianTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 100, 2 }, 3)]
    public void Of_is_the_value_in_the_middle_whatever_the_order(double[] values, double expected) => Median.Of(values).ShouldBe(expected);
}
