using System.Text.RegularExpressions;

namespace HostAgent.Architecture.Tests;

/// <summary>The house stands as README draws it: floors, walls, no circles.</summary>
public sealed partial class HouseTests
{
    /// <summary>What each project may refer to. Downwards only; a new arrow is a decision, and is made here.</summary>
    private static readonly Dictionary<string, string[]> Floors = new(StringComparer.Ordinal)
    {
        ["Texts"] = [],
        ["Contracts"] = [],
        ["Documents"] = ["Texts"],
        ["HyperV"] = [],
        ["Transport"] = ["Texts"],
        ["Audit"] = ["Contracts", "Texts"],
        ["Certificates"] = ["Texts", "Transport"],
        ["Hosting"] = ["Transport"],
        ["Failover"] = ["HyperV"],
        ["HyperV.Simulation"] = ["Documents", "HyperV"],
        ["Campaigns"] = ["Documents", "Texts"],
        ["Agent"] = ["Contracts", "Documents", "Hosting", "HyperV", "HyperV.Simulation", "Texts", "Transport"],
        ["WebConsole"] = ["Contracts", "Texts", "Transport"],
        ["Coordinator"] = ["Audit", "Campaigns", "Contracts", "Documents", "Failover", "Hosting", "HyperV", "Texts", "Transport", "WebConsole"],
        ["Cli"] = ["Audit", "Campaigns", "Contracts", "Documents", "Texts", "Transport"],
        ["Failback"] = ["Agent", "Certificates", "Cli", "Coordinator", "HyperV.Simulation"],
    };

    /// <summary>The contracts are generated: their folders are the protocols' packages.</summary>
    public static TheoryData<string> Projects => [.. House.Projects.Where(project => project != "Contracts")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_refers_to_lower_floors_only(string project)
        => House.ReferencesOf(project).Where(reference => !Floors[project].Contains(reference)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_form_no_circle(string project)
        => House.KnotsOf(project).ShouldBeEmpty();

    [Theory]
    [InlineData("Campaigns")]
    [InlineData("Documents")]
    [InlineData("Failover")]
    [InlineData("Audit")]
    public void Pure_project_reads_no_clock_and_draws_no_lots(string project)
    {
        // A System.Random with a seed is a function like any other; one without is a banned symbol.
        string[] impure = ["System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Security.Cryptography.RandomNumberGenerator"];
        House.TypesOf(project)
            .SelectMany(type => type.Dependencies.Where(dependency => impure.Contains(dependency.Target.FullName, StringComparer.Ordinal)).Select(dependency => $"{type.FullName} uses {dependency.Target.FullName}"))
            .Distinct(StringComparer.Ordinal)
            .ShouldBeEmpty();
    }

    [Fact]
    public void House_in_the_readme_is_the_one_that_stands()
    {
        var rows = Rows().Matches(File.ReadAllText(Path.Combine(House.Root, "README.md"))).Select(row => row.Groups["project"].Value);
        rows.Order(StringComparer.Ordinal).ShouldBe(House.Projects.Where(project => project != "Contracts"));
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Folder_has_at_most_25_files(string part)
        => Directory.EnumerateDirectories(Path.Combine(House.Root, part), "*", SearchOption.AllDirectories)
            .Where(folder => !folder.Split(Path.DirectorySeparatorChar).Any(name => name is "bin" or "obj"))
            .Where(folder => Directory.GetFiles(folder, "*.cs").Length > 25)
            .ShouldBeEmpty();

    [GeneratedRegex(@"^\| \[src/(?<project>[\w.]+)\]", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rows();
}
