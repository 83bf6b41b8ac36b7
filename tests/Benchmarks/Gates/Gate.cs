using System.Globalization;
using System.Text.Json;

namespace HostAgent.Benchmarks.Gates;

/// <summary>What an operation costs, as it was stored. A build without optimisation costs more.</summary>
/// <param name="Release">The figure of a Release build.</param>
/// <param name="Debug">The figure of a Debug build.</param>
/// <param name="Band">By which share of the stored figure the measured one may differ, for example 0.05; what other threads do meanwhile decides it.</param>
internal sealed record StoredFigure(double Release, double Debug, double Band)
{
    /// <summary>The figure of one kind of build.</summary>
    public double Of(bool isRelease) => isRelease ? Release : Debug;

    /// <summary>The same with another figure for one kind of build.</summary>
    public StoredFigure With(bool isRelease, double figure) => isRelease ? this with { Release = figure } : this with { Debug = figure };
}

/// <summary>What is watched.</summary>
/// <param name="Unit">Its unit.</param>
/// <param name="Does">What becomes of so many: are allocated.</param>
internal sealed record GateMeasure(string Unit, string Does)
{
    public static GateMeasure Bytes { get; } = new("B", "are allocated");

    public static GateMeasure Instructions { get; } = new("instructions", "are executed");
}

/// <summary>What was found for one operation.</summary>
/// <param name="Measure">What is watched.</param>
/// <param name="Operation">Its name.</param>
/// <param name="Stored">The figure for each, as stored; null when it is new.</param>
/// <param name="Measured">The figure for each.</param>
/// <param name="Band">By which share they may differ.</param>
internal sealed record GateFinding(GateMeasure Measure, string Operation, double? Stored, double Measured, double Band)
{
    /// <summary>What is wrong; null when nothing is. Less than stored is wrong too: what is gained here would hide what is lost later.</summary>
    public string? Problem => Stored switch
    {
        null => string.Create(CultureInfo.InvariantCulture, $"{Operation}: {Measured:N0} {Measure.Unit} {Measure.Does} for each, and no figure is stored for it."),
        { } stored when Math.Abs(Measured - stored) > stored * Band => string.Create(
            CultureInfo.InvariantCulture,
            $"{Operation}: {Measured:N0} {Measure.Unit} {Measure.Does} for each, {Math.Abs(Measured - stored):N0} {Measure.Unit} {(Measured > stored ? "more" : "less")} than the stored {stored:N0} {Measure.Unit}; ±{Band:P1} are tolerated."),
        _ => null,
    };
}

/// <summary>Compares what operations cost with what they did before.</summary>
/// <param name="measure">What is watched.</param>
/// <param name="file">Where the figures are stored, JSON.</param>
internal sealed class Gate(GateMeasure measure, string file)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static IReadOnlyList<GateFinding> Compare(GateMeasure measure, IReadOnlyDictionary<string, StoredFigure> stored, IReadOnlyDictionary<string, double> measured, bool isRelease) =>
    [
        .. measured.Select(found => stored.TryGetValue(found.Key, out var before) && before.Of(isRelease) > 0
            ? new GateFinding(measure, found.Key, before.Of(isRelease), found.Value, before.Band)
            : new GateFinding(measure, found.Key, Stored: null, found.Value, Band: 0)),
    ];

    /// <summary>Compares with the stored figures, and prints a table and what is wrong.</summary>
    /// <returns>The exit code: 1 when something is wrong.</returns>
    public async Task<int> CompareAsync(IReadOnlyDictionary<string, double> measured, CancellationToken cancellation)
    {
        var findings = Compare(measure, await ReadAsync(cancellation), measured, ThisBuild.IsRelease);
        Console.Out.Write(MarkdownTable.Of(
            [$"{measure.Unit} for each, {ThisBuild.Configuration}", "stored", "measured", "tolerated"],
            findings.Select(finding => (IEnumerable<string>)
            [
                finding.Operation,
                finding.Stored?.ToString("N0", CultureInfo.InvariantCulture) ?? "–",
                finding.Measured.ToString("N0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"±{finding.Band:P1}"),
            ])));
        var problems = findings.Select(finding => finding.Problem).OfType<string>().ToList();
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem);
        }

        return problems.Count == 0 ? 0 : 1;
    }

    /// <summary>Stores what was measured, for this kind of build.</summary>
    public async Task StoreAsync(IReadOnlyDictionary<string, double> measured, CancellationToken cancellation)
    {
        var stored = await ReadAsync(cancellation);
        foreach (var (name, figure) in measured)
        {
            stored[name] = stored.GetValueOrDefault(name, new StoredFigure(Release: 0, Debug: 0, Band: 0.05)).With(ThisBuild.IsRelease, figure);
        }

        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(stored, Json) + "\n", cancellation);
    }

    private async Task<SortedDictionary<string, StoredFigure>> ReadAsync(CancellationToken cancellation)
        => JsonSerializer.Deserialize<SortedDictionary<string, StoredFigure>>(await File.ReadAllTextAsync(file, cancellation), Json)!;
}
