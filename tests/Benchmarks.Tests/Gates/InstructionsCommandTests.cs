using HostAgent.Benchmarks.Gates;
using HostAgent.Benchmarks.Instructions;

namespace HostAgent.Benchmarks.Tests.Gates;

public sealed class InstructionsCommandTests
{
    [Fact]
    public void Total_is_read_from_what_callgrind_writes()
        => InstructionsCommand.TotalOf(["# callgrind format", "version: 1", "events: Ir", "summary: 1997135480", "totals: 1997135480"]).ShouldBe(1_997_135_480);

    [Theory]
    [InlineData("events: Ir")]
    [InlineData("summary: 12 34")]
    [InlineData("summary:")]
    public void Output_without_a_total_is_no_result(string line)
        => Should.Throw<FormatException>(() => InstructionsCommand.TotalOf([line])).Message.ShouldContain("'summary: N'");

    [Fact]
    public void More_instructions_than_are_stored_fail_by_the_name_of_the_operation()
        => Gate.Compare(GateMeasure.Instructions, new Dictionary<string, StoredFigure> { ["engine input"] = new(Release: 1_000, Debug: 0, Band: 0.01) }, new Dictionary<string, double> { ["engine input"] = 1_011 }, isRelease: true)
            .ShouldHaveSingleItem().Problem.ShouldBe("engine input: 1,011 instructions are executed for each, 11 instructions more than the stored 1,000 instructions; ±1.0 % are tolerated.");

    [Fact]
    public void Every_counted_operation_has_stored_figures_of_both_kinds_of_build()
    {
        var stored = System.Text.Json.JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Benchmarks", "Instructions", "stored.json")));
        foreach (var operation in CountedOperations.All.Keys)
        {
            stored.GetProperty(operation).GetProperty("release").GetDouble().ShouldBeGreaterThan(0);
            stored.GetProperty(operation).GetProperty("debug").GetDouble().ShouldBeGreaterThan(0);
        }
    }
}
