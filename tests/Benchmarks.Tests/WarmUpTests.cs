namespace HostAgent.Benchmarks.Tests;

public sealed class WarmUpTests
{
    private static readonly WarmUp WarmUp = new(Least: 3, Most: 5, Band: 0.1);

    [Theory]
    [InlineData(new double[] { 10, 50, 100, 91 }, true)]
    [InlineData(new double[] { 10, 50, 91, 100 }, true)]
    [InlineData(new double[] { 10, 50, 90, 100 }, true)]
    [InlineData(new double[] { 10, 50, 89, 100 }, false)]
    [InlineData(new double[] { 100, 100, 50 }, false)]
    public void Load_settles_when_its_last_two_windows_agree_within_the_band(double[] rates, bool settled) => WarmUp.IsSettled(rates).ShouldBe(settled);

    [Fact]
    public void Load_on_an_early_plateau_has_not_settled() => WarmUp.IsSettled([100, 100]).ShouldBeFalse();

    [Fact]
    public void Load_that_does_nothing_never_settles() => WarmUp.IsSettled([0, 0, 0, 0]).ShouldBeFalse();

    [Theory]
    [InlineData(new double[] { 10, 50, 100, 99 }, true)]
    [InlineData(new double[] { 10, 20, 40, 80 }, false)]
    [InlineData(new double[] { 10, 20, 40, 80, 160 }, true)]
    public void Wait_is_over_when_the_load_has_settled_or_has_had_its_time(double[] rates, bool over) => WarmUp.IsOver(rates).ShouldBe(over);

    [Fact]
    public void No_warm_up_is_over_after_one_window_and_claims_nothing()
    {
        WarmUp.None.IsOver([7]).ShouldBeTrue();
        WarmUp.None.IsSettled([7]).ShouldBeFalse();
    }
}
