using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HostAgent.Texts.Tests;

/// <summary>
/// The clock of a database is nobody's: every time in a store is that of the process that writes it, so that a database whose clock is wrong, or jumps, changes nothing.
/// </summary>
public sealed partial class DatabaseClockTests
{
    // The time of a writer is for a person who looks at the table. Nothing reads it.
    private static readonly string[] OfWriters = ["Coordinator/Store/PostgreSql/PostgreSqlTables.cs", "Coordinator/Store/PostgreSql/PostgreSqlWriter.cs"];

    [Fact]
    public void No_statement_asks_a_database_for_the_time()
    {
        var statements = Sources().ToList();
        statements.Count(source => source.Name.EndsWith(".sql", StringComparison.Ordinal)).ShouldBeGreaterThan(8);

        statements.Where(source => Clock().IsMatch(OfWriters.Contains(source.Name) ? Writer().Replace(source.Text, "") : source.Text)).Select(source => source.Name).ShouldBeEmpty();
        statements.Where(source => ReadsWriters().IsMatch(source.Text)).Select(source => source.Name).ShouldBeEmpty("the time of a writer is the database's");
    }

    [Theory]
    [InlineData("SELECT now()")]
    [InlineData("DEFAULT CURRENT_TIMESTAMP")]
    [InlineData("WHERE time < clock_timestamp() - interval '1 minute'")]
    [InlineData("SELECT strftime('%s', 'now')")]
    [InlineData("SELECT unixepoch()")]
    public void Whatever_asks_for_the_time_is_found(string statement) => Clock().IsMatch(statement).ShouldBeTrue();

    private static IEnumerable<(string Name, string Text)> Sources([CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src"));
        return Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".sql", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => (Name: Path.GetRelativePath(root, file).Replace('\\', '/'), File: file))
            .Where(source => !Generated().IsMatch(source.Name))
            .Select(source => (source.Name, File.ReadAllText(source.File)));
    }

    // SQLite's and PostgreSQL's. A method named Now is C#.
    [GeneratedRegex(
        @"(?<![\w.])(now\(\)|NOW\(\)|(?i:(transaction|statement|clock)_timestamp\(|current_(timestamp|time|date)\b|localtimestamp\b|timeofday\(|unixepoch\(|julianday\(|strftime\(|(date)?(time)?\('now'))",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Clock();

    [GeneratedRegex(@"INSERT INTO writers \(writer, append_id, time\) VALUES \([^()]*, now\(\)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Writer();

    [GeneratedRegex(@"(?i:(FROM|JOIN) writers\b|\bwriters\.time\b)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ReadsWriters();

    [GeneratedRegex("(^|/)(obj|bin)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Generated();
}
