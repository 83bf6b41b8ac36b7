using System.Text.RegularExpressions;

namespace HostAgent.HyperV.Tests;

/// <summary>The table of facts in this project's README holds what it promises: each row is marked, and each test it names exists.</summary>
public sealed partial class FactTableTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_row_has_a_mark_and_a_test()
    {
        var rows = Rows();
        rows.Count.ShouldBeGreaterThan(100);
        foreach (var row in rows)
        {
            row.Marks.ShouldAllBe(mark => mark == "[doc]" || mark == "[code]" || mark == "[inferred]", row.Fact);
            row.Marks.ShouldNotBeEmpty(row.Fact);
            row.Tests.ShouldNotBeEmpty(row.Fact);
        }
    }

    [Fact]
    public void Every_test_named_exists()
    {
        var written = Written();
        Rows().SelectMany(row => row.Tests).Distinct().Where(test => !written.Contains(test)).ShouldBeEmpty();
    }

    [Fact]
    public void No_fact_is_told_twice() => Rows().Select(row => row.Fact).ShouldBeUnique();

    private static List<(string Fact, string[] Marks, string[] Tests)> Rows()
    {
        var text = File.ReadAllText(Path.Combine(Root, "src", "HyperV", "README.md"));
        var section = text[text.IndexOf("## Facts and their tests", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        return [.. section.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split(" | ")).Where(cells => cells.Length == 3 && cells[0].Trim() is not "fact")
            .Select(cells => (
                cells[0].Trim(),
                cells[1].Split(',', StringSplitOptions.TrimEntries),
                TestName().Matches(cells[2]).Select(match => match.Groups["test"].Value).ToArray()))];
    }

    /// <summary>Class.Method of every test written, and the name of every class of tests.</summary>
    private static HashSet<string> Written()
    {
        var names = new HashSet<string>();
        foreach (var folder in new[] { "HyperV.Tests", "HyperV.Simulation.Tests", "HyperV.Contract" })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "tests", folder), "*.cs", SearchOption.AllDirectories))
            {
                // A class in several files is named before the first point of each.
                var name = Path.GetFileName(file).Split('.')[0];
                names.Add(name);
                names.UnionWith(TestMethod().Matches(File.ReadAllText(file)).Select(match => $"{name}.{match.Groups["method"].Value}"));
            }
        }

        return names;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HostAgent.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not stand in the repository.");
    }

    [GeneratedRegex("`(?<test>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"\[(Fact|Theory|Property)[^\n]*\](\s*\[[^\n]*\])*\s*public (async )?(void|Task|bool|ValueTask) (?<method>\w+)\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex TestMethod();
}
