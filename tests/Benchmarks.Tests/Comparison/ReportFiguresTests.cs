using System.Text.Json;
using HostAgent.Benchmarks.Comparison;

namespace HostAgent.Benchmarks.Tests.Comparison;

public sealed class ReportFiguresTests
{
    [Fact]
    public void Every_number_and_every_yes_or_no_has_the_path_of_its_members() =>
        Of("""{"machine": {"processors": 2, "name": "x", "load": null}, "isSettled": true, "cold": {"isSettled": false, "median": 1.5}}""")
            .ShouldBe(["machine.processors = 2", "isSettled = 1", "cold.isSettled = 0", "cold.median = 1.5"]);

    [Fact]
    public void Objects_in_a_list_are_named_by_what_tells_them_apart() =>
        Of("""{"results": [{"who": "us", "load": {"kind": "unary", "bytes": 100}, "rate": 7.5}, {"who": "us", "load": {"kind": "unary", "bytes": 8192}, "rate": 8.5}]}""")
            .ShouldContain("results[us, unary, bytes=8192].rate = 8.5");

    [Fact]
    public void Objects_are_named_by_no_more_than_they_need() =>
        Of("""{"results": [{"items": 1000, "hosts": 100, "mean": 2.5}, {"items": 10000, "hosts": 100, "mean": 3.5}]}""")
            .ShouldContain("results[items=10000].mean = 3.5");

    [Theory]
    [InlineData("""{"list": [2.5, 3.5]}""", "list[1] = 3.5")]
    [InlineData("""{"list": [{"mean": 2.5}, {"mean": 3.5}]}""", "list[1].mean = 3.5")]
    [InlineData("""{"list": [{"kind": "a", "windows": [1.5]}, {"kind": "a", "windows": [2.5, 3.5]}]}""", "list[1].windows[1] = 3.5")]
    public void What_nothing_tells_apart_is_named_by_its_place(string report, string figure) => Of(report).ShouldContain(figure);

    private static List<string> Of(string report) => [.. ReportFigures.Of(JsonElement.Parse(report)).Select(figure => FormattableString.Invariant($"{figure.Key} = {figure.Value}"))];
}
