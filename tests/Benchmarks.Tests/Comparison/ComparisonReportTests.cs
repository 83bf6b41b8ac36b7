using System.Text.Json;
using HostAgent.Benchmarks.Comparison;

namespace HostAgent.Benchmarks.Tests.Comparison;

public sealed class ComparisonReportTests
{
    private static readonly ComparisonReport Compared = ComparisonReport.Of(
        [Report(perSecond: 1000, gone: 1), Report(perSecond: 900, gone: 2), Report(perSecond: 1250, gone: 2)],
        [Report(perSecond: 2100, added: 3), Report(perSecond: 2000, added: 3), Report(perSecond: 1900, added: 3)]);

    [Fact]
    public void Figure_has_the_median_and_the_extremes_of_both_and_their_ratio()
    {
        var figure = Compared.Figures.ShouldHaveSingleItem();

        (figure.Path, figure.Former, figure.Now).ShouldBe(("results[HostAgent].perSecond", new Spread(1000, 900, 1250), new Spread(2000, 1900, 2100)));
        figure.Ratio.ShouldBe(2.0);
    }

    [Fact]
    public void Number_that_is_everywhere_the_same_is_counted_and_not_shown() => Compared.Constants.ShouldBe(1);

    [Fact]
    public void Figure_that_only_one_of_them_has_is_named() =>
        (Compared.OnlyFormer.ShouldHaveSingleItem(), Compared.OnlyNow.ShouldHaveSingleItem()).ShouldBe(("gone", "added"));

    [Fact]
    public void Figure_that_was_zero_has_no_ratio() =>
        ComparisonReport.Of([Number(0)], [Number(5)]).Figures.ShouldHaveSingleItem().Ratio.ShouldBeNull();

    [Fact]
    public void Small_figures_keep_their_digits() =>
        ComparisonReport.Of([Number(0.000_000_4)], [Number(0.000_000_1)]).Figures.ShouldHaveSingleItem().Ratio.ShouldNotBeNull().ShouldBe(0.25, 1e-9);

    [Fact]
    public void Text_is_one_table_and_says_what_it_leaves_out() => Compared.ToText().ReplaceLineEndings("\n").ShouldBe(
        """
        | figure | former | now | now ÷ former |
        | --- | --: | --: | --: |
        | results[HostAgent].perSecond | 1,000 (900–1,250) | 2,000 (1,900–2,100) | 2.00 |

        1 figures are the same number in every report and not shown.

        Only in the reports of the former commit: gone.

        Only in the reports of this build: added.

        """);

    private static JsonElement Number(double value) => JsonSerializer.SerializeToElement(new { value });

    private static JsonElement Report(int perSecond, int? gone = null, int? added = null) => JsonSerializer.SerializeToElement(
        new { machine = new { processors = 2 }, results = new[] { new { contender = "HostAgent", perSecond } }, gone, added });
}
