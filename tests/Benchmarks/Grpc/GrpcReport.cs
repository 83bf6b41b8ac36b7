using System.Globalization;
using System.Text;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>All results of one run, and how ours compare with the others'.</summary>
/// <param name="Machine">What was measured on; client and server share it.</param>
/// <param name="Rounds">How many rounds the medians are of.</param>
/// <param name="Results">Every result.</param>
/// <param name="Missing">Which contenders could not run here, and why.</param>
internal sealed record GrpcReport(Machine Machine, int Rounds, IReadOnlyList<GrpcResult> Results, IReadOnlyDictionary<string, string> Missing) : IReport
{
    /// <summary>What is compared: which contender's rate is divided by which other's.</summary>
    private static readonly IReadOnlyList<(string Head, string Ours, string Theirs)> Comparisons =
    [
        ("ours ÷ Go", Contender.Ours, Contender.Go),
        ("our server ÷ Go's", Contender.OurServer, Contender.Go),
        ("ours ÷ Node", Contender.Ours, Contender.Node),
    ];

    /// <summary>Our rates divided by the others'.</summary>
    public IEnumerable<GrpcRatio> Ratios =>
        from comparison in Comparisons
        from result in Results
        where result.Contender == comparison.Ours
        let ratio = Ratio(result, comparison.Theirs)
        where ratio is not null
        select new GrpcRatio(comparison.Ours, comparison.Theirs, result.Security, result.Workload, ratio.Value);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Per second, medians of {Rounds} rounds; {Machine}. Ratios above 1 are in our favour.");
        foreach (var security in Results.GroupBy(result => result.Security))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{security.Key}:").AppendLine();
            text.Append(Table([.. security]));
        }

        foreach (var (name, reason) in Missing)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{name} is not compared: {reason}");
        }

        return text.ToString();
    }

    private string Table(IReadOnlyList<GrpcResult> results)
    {
        var contenders = results.Select(result => result.Contender).Distinct(StringComparer.Ordinal).ToList();
        var comparisons = Comparisons.Where(comparison => contenders.Contains(comparison.Ours) && contenders.Contains(comparison.Theirs)).ToList();
        return MarkdownTable.Of(
            ["workload", .. contenders, .. comparisons.Select(comparison => comparison.Head), "B allocated for each: our client", "our server"],
            from workload in Workload.All
            let row = results.Where(result => result.Workload == workload).ToDictionary(result => result.Contender, StringComparer.Ordinal)
            let ours = row[Contender.Ours]
            select (IEnumerable<string>)
            [
                workload.Description,
                .. contenders.Select(name => Number(row[name].PerSecond, "N0")),
                .. comparisons.Select(comparison => Number(Ratio(row[comparison.Ours], comparison.Theirs), "F2")),
                Number(ours.ClientAllocatedBytes, "N0"),
                Number(ours.ServerAllocatedBytes, "N0"),
            ]);
    }

    private double? Ratio(GrpcResult ours, string theirs) =>
        Results.SingleOrDefault(result => result.Contender == theirs && result.Security == ours.Security && result.Workload == ours.Workload) is { PerSecond: > 0 } other
            ? Math.Round(ours.PerSecond / other.PerSecond, 3)
            : null;

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
