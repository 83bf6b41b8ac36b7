using HostAgent.Benchmarks.Gates;

namespace HostAgent.Benchmarks.Tests.Gates;

public sealed class GateTests
{
    private static readonly Dictionary<string, StoredFigure> Stored = new() { ["unary call"] = new StoredFigure(Release: 1_000, Debug: 2_000, Band: 0.05) };

    [Theory]
    [InlineData(true, 1_050)]
    [InlineData(true, 950)]
    [InlineData(false, 2_100)]
    public void Operation_within_the_band_of_its_kind_of_build_passes(bool isRelease, double measured) => Problems("unary call", measured, isRelease).ShouldBeEmpty();

    [Theory]
    [InlineData(true, 1_051, "unary call: 1,051 B are allocated for each, 51 B more than the stored 1,000 B; ±5.0 % are tolerated.")]
    [InlineData(true, 949, "unary call: 949 B are allocated for each, 51 B less than the stored 1,000 B; ±5.0 % are tolerated.")]
    [InlineData(false, 1_000, "unary call: 1,000 B are allocated for each, 1,000 B less than the stored 2,000 B; ±5.0 % are tolerated.")]
    public void Operation_outside_the_band_fails_by_its_name(bool isRelease, double measured, string problem) => Problems("unary call", measured, isRelease).ShouldHaveSingleItem().ShouldBe(problem);

    [Fact]
    public void Operation_without_a_stored_figure_fails() => Problems("new one", 7, isRelease: true).ShouldHaveSingleItem().ShouldContain("new one: 7 B are allocated for each, and no figure is stored for it.");

    private static IReadOnlyList<string> Problems(string operation, double measured, bool isRelease) =>
        [.. Gate.Compare(GateMeasure.Bytes, Stored, new Dictionary<string, double> { [operation] = measured }, isRelease).Select(finding => finding.Problem).OfType<string>()];
}
