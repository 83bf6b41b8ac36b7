using System.Globalization;
using System.Text.Json;
using HostAgent.Faults.Checking;
using HostAgent.Faults.Rows;
using HostAgent.Tests.Shared;

namespace HostAgent.Faults.Running;

/// <summary>What came of one row.</summary>
/// <param name="Fault">Its number.</param>
/// <param name="Seeds">How many seeds were run.</param>
/// <param name="Violations">How many violations were found.</param>
/// <param name="WorstRecoverySeconds">The longest recovery; null when there was nothing to recover from.</param>
/// <param name="Skipped">Why it was not run; null when it was.</param>
internal sealed record RowSummary(int Fault, int Seeds, int Violations, double? WorstRecoverySeconds, string? Skipped);

/// <summary>What came of all runs.</summary>
internal sealed record Summary
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>How many runs there were.</summary>
    public required int Seeds { get; init; }

    /// <summary>Effects that came twice.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Ends, answers and writes that were lost.</summary>
    public required int Lost { get; init; }

    /// <summary>All violations, those included.</summary>
    public required int Violations { get; init; }

    /// <summary>The longest time from a fault to the next durable progress; null when there was nothing to recover from.</summary>
    public required double? WorstRecoverySeconds { get; init; }

    /// <summary>The items of all campaigns.</summary>
    public required int Items { get; init; }

    /// <summary>The faults that struck.</summary>
    public required int Strikes { get; init; }

    /// <summary>Runs that could not be judged because the runner itself failed.</summary>
    public required int Broken { get; init; }

    /// <summary>The names of the violations.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Each row.</summary>
    public required IReadOnlyList<RowSummary> Rows { get; init; }

    /// <summary>Whether something was run, and nothing was found.</summary>
    public bool IsGood => Violations == 0 && Broken == 0 && Seeds > 0;

    /// <summary>The last line of the output.</summary>
    public string ToJson()
    {
        var rest = JsonSerializer.SerializeToNode(this, Json)!.AsObject();
        rest.Remove("is_good");
        return rest.ToJsonString(Json);
    }
}

/// <summary>Runs rows with seeds, keeps their histories, and counts.</summary>
/// <param name="directory">Where histories are kept; null for a fresh directory that goes when nothing was found.</param>
/// <param name="output">Where each run is told.</param>
/// <param name="flaw">The planted bug; null for none.</param>
internal sealed class Runner(DirectoryInfo? directory, TextWriter output, string? flaw)
{
    private static readonly Rule[] Losses = [Rule.TerminalEventLost, Rule.AnswerLost, Rule.WritesLost];

    /// <summary>Runs the rows.</summary>
    /// <param name="menu">Which.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many seeds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Summary> RunAsync(IReadOnlyList<FaultRow> menu, int first, int count, CancellationToken cancellationToken)
    {
        var kept = directory ?? Directory.CreateTempSubdirectory("failback-histories-");
        kept.Create();
        var (rows, found, items, strikes, broken) = (new List<RowSummary>(), new List<Violation>(), 0, 0, 0);
        await using var database = new LazyDatabase();
        foreach (var row in menu)
        {
            if (row.WhyNot() is { } reason)
            {
                rows.Add(Skip(row.Number, row.Title, reason));
                continue;
            }

            var (violations, worst, runs) = (0, (TimeSpan?)null, 0);
            for (var seed = first; seed < first + count; seed++)
            {
                var title = string.Create(CultureInfo.InvariantCulture, $"Fault {row.Number}, seed {seed}: {row.Title} ({row.VariantOf(seed).Name})");
                try
                {
                    var begin = TimeProvider.System.GetTimestamp();
                    var run = await new SeedRun(row, seed, database.GetAsync).RunAsync(flaw is null ? null : PlantedFlaw.All[flaw].Plant, cancellationToken);
                    var here = run.Histories.SelectMany(HistoryChecker.Check).ToList();
                    var recovery = run.Histories.Select(Recovery.WorstOf).Max();
                    runs++;
                    found.AddRange(here);
                    (violations, worst) = (violations + here.Count, recovery > (worst ?? TimeSpan.Zero) ? recovery : worst);
                    (items, strikes) = (items + run.Histories.Sum(history => history.Shown.Count), strikes + (run.Histories.Count > 0 ? run.Histories[0].Strikes.Count : 0));
                    await KeepAsync(kept, row.Number, seed, title, run, here, cancellationToken);
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {run.Histories.Sum(history => history.Shown.Count)} items, {(run.Histories.Count > 0 ? run.Histories[0].Strikes.Count : 0)} faults, {here.Count} violations, {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:0.0} s, recovery {recovery?.TotalSeconds:0.0} s"));
                    here.ForEach(violation => output.WriteLine($"  {violation}"));
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    // The other seeds can still be judged; this one counts against the result.
                    broken++;
                    output.WriteLine($"{title}: could not be judged: {exception}");
                }
            }

            rows.Add(new RowSummary(row.Number, runs, violations, Seconds(worst), null));
        }

        var isGood = found.Count == 0 && broken == 0;
        if (directory is null && isGood)
        {
            kept.Delete(recursive: true);
        }
        else
        {
            output.WriteLine($"The histories are in {kept.FullName}.");
        }

        return new Summary
        {
            Seeds = rows.Sum(row => row.Seeds),
            Duplicates = found.Count(violation => violation.Rule == Rule.DuplicateEffect),
            Lost = found.Count(violation => Losses.Contains(violation.Rule)),
            Violations = found.Count,
            WorstRecoverySeconds = rows.Max(row => row.WorstRecoverySeconds),
            Items = items,
            Strikes = strikes,
            Broken = broken,
            Names = [.. found.Select(violation => violation.Name).Distinct().Order(StringComparer.Ordinal)],
            Rows = rows,
        };
    }

    private static double? Seconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalSeconds, 2) : null;

    private RowSummary Skip(int number, string title, string reason)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Fault {number}: {title}: skipped. {reason}"));
        return new RowSummary(number, 0, 0, null, reason);
    }

    private static async Task KeepAsync(DirectoryInfo kept, int row, int seed, string title, RunResult run, IReadOnlyList<Violation> violations, CancellationToken cancellationToken)
    {
        var place = kept.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"fault-{row:00}-seed-{seed:0000}"));
        await File.WriteAllTextAsync(Path.Combine(place.FullName, "timeline.txt"), Timeline.ToText(title, run, violations), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(place.FullName, "timeline.html"), Timeline.ToHtml(title, run, violations), cancellationToken);
        foreach (var (name, text) in run.Outputs)
        {
            await File.WriteAllTextAsync(Path.Combine(place.FullName, $"{name}.log"), text, cancellationToken);
        }
    }
}

/// <summary>A database that is started when the first run needs it.</summary>
internal sealed class LazyDatabase : IAsyncDisposable
{
    private PostgreSqlServer? _server;

    /// <summary>The database.</summary>
    public async Task<PostgreSqlServer> GetAsync()
    {
        if (_server is null)
        {
            _server = new PostgreSqlServer();
            await _server.InitializeAsync();
        }

        return _server;
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
