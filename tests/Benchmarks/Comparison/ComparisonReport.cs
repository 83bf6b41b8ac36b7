using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HostAgent.Benchmarks.Comparison;

/// <summary>One figure in the reports of both commits.</summary>
/// <param name="Path">Where it stands in a report.</param>
/// <param name="Former">The former commit's, over its reports.</param>
/// <param name="Now">This build's.</param>
internal sealed record ComparedFigure(string Path, Spread Former, Spread Now)
{
    /// <summary>The median now by the former one; null when that was zero.</summary>
    public double? Ratio => Former.Median == 0 ? null : Now.Median / Former.Median;

    /// <summary>Whether every report of both has the same number: a setting or a count, not a measurement.</summary>
    public bool IsConstant => Former == Now && Now.Lowest == Now.Highest;
}

/// <summary>The reports of one benchmark by two commits, figure by figure.</summary>
/// <param name="Figures">What both have and what is not the same number in all of their reports, in the order of the reports.</param>
/// <param name="Constants">How many figures are the same number in all of them.</param>
/// <param name="OnlyFormer">Figures that only the former commit's reports have.</param>
/// <param name="OnlyNow">Figures that only this build's reports have.</param>
internal sealed record ComparisonReport(IReadOnlyList<ComparedFigure> Figures, int Constants, IReadOnlyList<string> OnlyFormer, IReadOnlyList<string> OnlyNow)
{
    // More than a double has: nothing is rounded before the ratio is taken.
    private const int Digits = 15;

    /// <summary>Compares reports.</summary>
    /// <param name="former">Of the former commit, one for each round; at least one.</param>
    /// <param name="now">Of this build.</param>
    public static ComparisonReport Of(IEnumerable<JsonElement> former, IEnumerable<JsonElement> now)
    {
        var (before, after) = (Spreads(former), Spreads(now));
        var both = after.Where(figure => before.ContainsKey(figure.Key)).Select(figure => new ComparedFigure(figure.Key, before[figure.Key], figure.Value)).ToList();
        return new ComparisonReport(
            [.. both.Where(figure => !figure.IsConstant)],
            both.Count(figure => figure.IsConstant),
            [.. before.Keys.Where(path => !after.ContainsKey(path))],
            [.. after.Keys.Where(path => !before.ContainsKey(path))]);
    }

    /// <summary>A Markdown table, and what it leaves out.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(MarkdownTable.Of(
            ["figure", "former", "now", "now ÷ former"],
            Figures.Select(figure => (IEnumerable<string>)[figure.Path, InWords(figure.Former), InWords(figure.Now), figure.Ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "–"])));
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Constants} figures are the same number in every report and not shown.");
        AppendOnly(text, "the former commit", OnlyFormer);
        AppendOnly(text, "this build", OnlyNow);
        return text.ToString();
    }

    private static void AppendOnly(StringBuilder text, string whose, IReadOnlyList<string> paths)
    {
        if (paths.Count > 0)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Only in the reports of {whose}: {string.Join("; ", paths)}.");
        }
    }

    private static OrderedDictionary<string, Spread> Spreads(IEnumerable<JsonElement> reports)
    {
        var values = new OrderedDictionary<string, List<double>>(StringComparer.Ordinal);
        foreach (var (path, value) in reports.SelectMany(ReportFigures.Of))
        {
            if (!values.TryGetValue(path, out var found))
            {
                values.Add(path, found = []);
            }

            found.Add(value);
        }

        return new OrderedDictionary<string, Spread>(values.Select(figure => KeyValuePair.Create(figure.Key, Spread.Of(figure.Value, Digits))), StringComparer.Ordinal);
    }

    private static string InWords(Spread spread) => spread.Lowest == spread.Highest ? Number(spread.Median) : $"{Number(spread.Median)} ({Number(spread.Lowest)}–{Number(spread.Highest)})";

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "N0" : "G4", CultureInfo.InvariantCulture);
}
