using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HostAgent.Deploy.Tests.Observability;

/// <summary>The alert rules and the dashboard: what they ask for exists, and each rule fires when it should, as Prometheus itself evaluates it.</summary>
public sealed partial class AlertTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Repository.Deployment)!, "observability");

    [Fact]
    public async Task Each_rule_fires_and_ends_when_it_should()
    {
        var promtool = Environment.GetEnvironmentVariable("PROMTOOL") is { Length: > 0 } named
            ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null, "promtool, of the package prometheus, is not installed.");

        using var process = Process.Start(new ProcessStartInfo(promtool, ["test", "rules", "alerts.test.yaml"]) { UseShellExecute = false, WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, $"{await output}\n{await error}");
    }

    [Fact]
    public void Each_rule_has_a_test_and_says_what_to_do()
    {
        var rules = File.ReadAllText(Path.Combine(Folder, "alerts.yaml"));
        var alerts = Alert().Matches(rules).Select(match => match.Groups["name"].Value).ToList();
        alerts.Count.ShouldBe(12);
        var tests = File.ReadAllText(Path.Combine(Folder, "alerts.test.yaml"));
        alerts.ShouldAllBe(alert => tests.Contains($"alertname: {alert}\n", StringComparison.Ordinal));
        foreach (var part in (string[])["for:", "severity:", "summary:", "action:"])
        {
            rules.Split(part).Length.ShouldBe(alerts.Count + 1, part);
        }
    }

    [Fact]
    public void Rules_and_dashboard_ask_only_for_what_is_documented()
    {
        var known = File.ReadLines(Path.Combine(Folder, "README.md"))
            .Where(line => line.StartsWith("| `failback.", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .Select(cells => cells[1].Trim(' ', '`').Replace('.', '_') + (cells[2].Trim(' ', '`') == "s" ? "_seconds" : ""))
            .ToList();
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")));
        var expressions = dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!).ToList();
        expressions.AddRange(Expression().Matches(File.ReadAllText(Path.Combine(Folder, "alerts.yaml"))).Select(match => match.Groups["text"].Value));

        expressions.Count.ShouldBeGreaterThan(20);
        foreach (var expression in expressions)
        {
            var asked = Series().Matches(Labels().Replace(expression, "")).Select(match => match.Value).ToList();
            asked.ShouldNotBeEmpty(expression);
            asked.ShouldAllBe(series => known.Contains(Suffix().Replace(series, "")), expression);
        }

        known.ShouldAllBe(series => expressions.Exists(expression => expression.Contains(series, StringComparison.Ordinal)));
    }

    [GeneratedRegex("^ +- alert: (?<name>\\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alert();

    [GeneratedRegex("^ +expr: (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expression();

    // Labels have the product's name in them too.
    [GeneratedRegex("\\{[^}]*\\}|by \\([^)]*\\)", RegexOptions.None, 1000)]
    private static partial Regex Labels();

    [GeneratedRegex("failback_[a-z_]+", RegexOptions.None, 1000)]
    private static partial Regex Series();

    [GeneratedRegex("_(total|bucket)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Suffix();
}
