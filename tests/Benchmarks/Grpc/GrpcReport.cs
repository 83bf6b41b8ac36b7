using System.Globalization;
using System.Text;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>All results of one run, and how ours compare with the others'.</summary>
/// <param name="Machine">What was measured on; client and server share it.</param>
/// <param name="Plan">How often and how long everything was measured.</param>
/// <param name="Results">Every result.</param>
/// <param name="Missing">Which contenders could not run here, and why.</param>
internal sealed record GrpcReport(Machine Machine, RoundPlan Plan, IReadOnlyList<GrpcResult> Results, IReadOnlyDictionary<string, string> Missing) : IReport
{
    private const string NotSettled = "\\*";

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
        select ratio;

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Per second, medians of {Plan.Rounds} rounds with the lowest and the highest; {Machine}. Ratios above 1 are in our favour.");
        foreach (var security in Results.GroupBy(result => result.Security))
        {
            var results = security.ToList();
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{security.Key}, warm:").AppendLine();
            text.Append(Table(results, result => result.Warm, ratio => ratio.Warm, whenWarm: true));
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{security.Key}, cold: the first {Plan.Window.TotalSeconds} s of fresh processes:").AppendLine();
            text.Append(Table(results, result => result.Cold, ratio => ratio.Cold, whenWarm: false));
        }

        if (Results.Any(result => result.UnsettledRounds > 0))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{NotSettled} In some round no two successive windows of {Plan.Window.TotalSeconds} s agreed within {Plan.WarmUp.Band:P0}, in {Plan.WarmUp.Most} of them.");
        }

        foreach (var (name, reason) in Missing)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{name} is not compared: {reason}");
        }

        return text.ToString();
    }

    private string Table(List<GrpcResult> results, Func<GrpcResult, Spread> rate, Func<GrpcRatio, Spread?> ratioOf, bool whenWarm)
    {
        var contenders = results.Select(result => result.Contender).Distinct(StringComparer.Ordinal).ToList();
        var comparisons = Comparisons.Where(comparison => contenders.Contains(comparison.Ours) && contenders.Contains(comparison.Theirs)).ToList();
        string[] allocations = whenWarm ? ["B allocated for each: our client", "our server"] : [];
        return MarkdownTable.Of(
            ["workload", .. contenders, .. comparisons.Select(comparison => comparison.Head), .. allocations],
            from workload in Workload.All
            let row = results.Where(result => result.Workload == workload).ToDictionary(result => result.Contender, StringComparer.Ordinal)
            let ours = row[Contender.Ours]
            select (IEnumerable<string>)
            [
                workload.Description,
                .. contenders.Select(name => rate(row[name]).ToText("N0") + (whenWarm && row[name].UnsettledRounds > 0 ? NotSettled : "")),
                .. comparisons.Select(comparison => Ratio(row[comparison.Ours], comparison.Theirs) is { } ratio ? ratioOf(ratio)?.ToText("F2") ?? "–" : "–"),
                .. whenWarm ? [Number(ours.ClientAllocatedBytes), Number(ours.ServerAllocatedBytes)] : Array.Empty<string>(),
            ]);
    }

    private GrpcRatio? Ratio(GrpcResult ours, string theirs) =>
        Results.SingleOrDefault(result => result.Contender == theirs && result.Security == ours.Security && result.Workload == ours.Workload) is { } other ? GrpcRatio.Of(ours, other) : null;

    private static string Number(double? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";
}
