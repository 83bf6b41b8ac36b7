using System.Globalization;
using System.Text;

namespace HostAgent.Benchmarks.Engine;

/// <summary>What was found at every size.</summary>
/// <param name="Machine">What was measured on.</param>
/// <param name="Cold">The engine's for the first campaign of the process, of the smallest size.</param>
/// <param name="IsSettled">Whether two successive runs agreed before anything else was measured.</param>
/// <param name="Results">The engine's, from the smallest to the largest campaign.</param>
/// <param name="Baselines">The scanning scheduler's, for the same sizes.</param>
/// <param name="Pairs">The engine's for as many machines that go home host to host.</param>
internal sealed record EngineReport(Machine Machine, EngineResult Cold, bool IsSettled, IReadOnlyList<EngineResult> Results, IReadOnlyList<Baseline> Baselines, IReadOnlyList<EngineResult> Pairs) : IReport
{
    /// <summary>The median time for an input of the largest campaigns by that of the smallest: 1 when it does not grow with the items.</summary>
    public double GrowthOfMedian => Math.Round(Results[^1].Input.MedianMicroseconds / Results[0].Input.MedianMicroseconds, 2);

    /// <summary>The same for the mean.</summary>
    public double GrowthOfMean => Math.Round(Results[^1].Input.MeanMicroseconds / Results[0].Input.MeanMicroseconds, 2);

    /// <summary>The scanning scheduler's median time for an item's end by the engine's, for each size.</summary>
    public IReadOnlyList<double> BaselineRatios =>
        [.. Results.Zip(Baselines, (engine, scanning) => Math.Round(scanning.End.MedianMicroseconds / engine.Success.MedianMicroseconds, 2))];

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine}. From the smallest to the largest campaign the time for an input grows {GrowthOfMedian}-fold (median), {GrowthOfMean}-fold (mean).");
        text.AppendLine(IsSettled ? "" : "The warm-up was given up before two successive runs agreed.\n");
        text.Append(MarkdownTable.Of(["", $"cold: the process's first campaign, {Number(Cold.Items)} items", .. Results.Select(result => Number(result.Items) + " items")], Rows()));
        text.AppendLine().Append(MarkdownTable.Of(["host to host", .. Pairs.Select(result => Number(result.Items) + " pairs")], PairRows()));
        return text.ToString();
    }

    private IEnumerable<IEnumerable<string>> Rows() =>
    [
        Row("hosts", result => result.Hosts),
        Row("campaigns", result => result.Campaigns),
        Row("inputs", result => result.Input.Count),
        Row("events", result => result.Events),
        Row("plan, ms", result => result.PlanMilliseconds),
        Row("create, ms", result => result.CreateMilliseconds),
        Row("an input, µs: median", result => result.Input.MedianMicroseconds),
        Row("mean", result => result.Input.MeanMicroseconds),
        Row("99 of 100", result => result.Input.P99Microseconds),
        Row("longest", result => result.Input.LongestMicroseconds),
        Row("for each event, µs", result => result.MicrosecondsPerEvent),
        Row("allocated for an input, B", result => result.AllocatedBytesPerInput),
        Row("an item's end, µs: median", result => result.Success.MedianMicroseconds),
        ["scanning scheduler's", "–", .. Baselines.Select(baseline => Number(baseline.End.MedianMicroseconds))],
        ["by the engine's", "–", .. BaselineRatios.Select(ratio => Number(ratio))],
        Row("stored event, B", result => result.StoredBytesPerEvent),
        Row("replay of an event, µs", result => result.ReplayMicrosecondsPerEvent),
        Row("held for an item, B", result => result.BytesPerItem),
        Row("peak of the process, MiB", result => result.PeakWorkingSetBytes >> 20),
    ];

    private IEnumerable<IEnumerable<string>> PairRows() =>
    [
        OfPairs("inputs", result => result.Input.Count),
        OfPairs("plan, ms", result => result.PlanMilliseconds),
        OfPairs("an input, µs: median", result => result.Input.MedianMicroseconds),
        OfPairs("mean", result => result.Input.MeanMicroseconds),
        OfPairs("99 of 100", result => result.Input.P99Microseconds),
        OfPairs("allocated for an input, B", result => result.AllocatedBytesPerInput),
        OfPairs("replay of an event, µs", result => result.ReplayMicrosecondsPerEvent),
        OfPairs("held for a pair, B", result => result.BytesPerItem),
    ];

    private IEnumerable<string> OfPairs(string name, Func<EngineResult, double> value) => [name, .. Pairs.Select(result => Number(value(result)))];

    private IEnumerable<string> Row(string name, Func<EngineResult, double> value) => [name, Number(value(Cold)), .. Results.Select(result => Number(value(result)))];

    private static string Number(double value) => value.ToString(value == Math.Floor(value) ? "N0" : "N2", CultureInfo.InvariantCulture);
}
