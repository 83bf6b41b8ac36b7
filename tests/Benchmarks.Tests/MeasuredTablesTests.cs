namespace HostAgent.Benchmarks.Tests;

public sealed class MeasuredTablesTests
{
    private const string Markdown = "before\n<!-- measured: grpc -->\nold\n<!-- measured end -->\nbetween\n<!-- measured: agent -->\nold\n<!-- measured end -->\nafter\n";

    [Fact]
    public void Replace_writes_between_the_comments_of_one_benchmark_only() =>
        MeasuredTables.Replace(Markdown, "agent", "new\n").ShouldBe(Markdown.Replace("agent -->\nold\n", "agent -->\n\nnew\n\n", StringComparison.Ordinal));

    [Fact]
    public void Replace_in_a_file_without_the_comments_names_them() =>
        Should.Throw<FormatException>(() => MeasuredTables.Replace(Markdown, "engine", "new")).Message.ShouldContain("'<!-- measured: engine -->'");

    [Theory]
    [InlineData("grpc")]
    [InlineData("engine")]
    [InlineData("agent")]
    [InlineData("coordinator")]
    public void Readme_has_a_place_for_the_tables_of_every_benchmark(string name) =>
        MeasuredTables.Replace(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Benchmarks", "README.md")), name, "new tables").ShouldContain("new tables");
}
