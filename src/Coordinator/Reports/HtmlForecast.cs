using System.Text;
using HostAgent.Campaigns.Planning;
using static HostAgent.Coordinator.Reports.ReportText;

namespace HostAgent.Coordinator.Reports;

/// <summary>When the waves are forecast to run, as a picture and in words; in a report beside when they ran.</summary>
internal static class HtmlForecast
{
    private const int Width = 1000;
    private const int Left = 190;
    private const int Lane = 18;
    private const int Head = 26;
    private const int Ticks = 6;
    private const int LongestLabel = 26;

    /// <summary>The forecast of a plan; nothing without waves.</summary>
    public static async Task PlanAsync(IReadOnlyList<ForecastWave> waves, DateTimeOffset start, HtmlPage page)
    {
        if (waves.Count == 0)
        {
            return;
        }

        await page.ElementAsync("p", "Times are UTC. Filled: in half of the runs; outlined: in nine of ten.");
        await PictureAsync([.. waves.Select(wave => new ForecastLane(wave.Name, wave.Start.P50, wave.End.P50, wave.End.P90, Began: null, Ended: null))], start, page);
        await page.BeginTableAsync("Wave", "Starts", "Ends in half of the runs", "In nine of ten, at the latest");
        foreach (var wave in waves)
        {
            await page.RowAsync(string.Empty, wave.Name, Instant(start + wave.Start.P50), Instant(start + wave.End.P50), Instant(start + wave.End.P90));
        }

        await page.EndTableAsync();
    }

    /// <summary>What was forecast at the start beside what came; nothing without a forecast.</summary>
    public static async Task FactAsync(CampaignReport report, HtmlPage page)
    {
        if (report is not { Forecast: { } forecast, StartTime: { } start })
        {
            return;
        }

        var now = report.EndTime ?? report.ReportTime;
        await page.HeadingAsync("Forecast and fact");
        await page.ElementAsync("p", $"Made at the start, {Basis(forecast.Basis)}. It leaves out the time that people take to approve.");
        await page.BeginTableAsync("What", "Forecast, half of the runs", "Nine of ten, at most", "Fact", "~Compared");
        await RowAsync("Campaign", forecast.P50Seconds, forecast.P90Seconds, now - start, report.EndTime is not null);
        var lanes = new List<ForecastLane>();
        foreach (var expected in forecast.Waves)
        {
            var fact = report.Waves.First(wave => wave.Name == expected.Name);
            await RowAsync(
                $"Wave {expected.Name}", expected.EndP50Seconds - expected.StartP50Seconds, expected.EndP90Seconds - expected.StartP50Seconds, fact.StartTime is { } began ? (fact.EndTime ?? now) - began : null, fact.EndTime is not null);
            lanes.Add(new ForecastLane(
                expected.Name,
                TimeSpan.FromSeconds(expected.StartP50Seconds),
                TimeSpan.FromSeconds(expected.EndP50Seconds),
                TimeSpan.FromSeconds(expected.EndP90Seconds),
                fact.StartTime - start,
                fact.StartTime is null ? null : (fact.EndTime ?? now) - start));
        }

        await page.EndTableAsync();
        await PictureAsync(lanes, start, page);

        Task RowAsync(string what, double half, double most, TimeSpan? fact, bool hasEnded) => page.RowAsync(
            hasEnded && fact?.TotalSeconds > most ? "mark" : string.Empty,
            what,
            Whole(TimeSpan.FromSeconds(half)),
            Whole(TimeSpan.FromSeconds(most)),
            fact is { } took ? hasEnded ? Whole(took) : $"{Whole(took)}, not ended" : "not started",
            !hasEnded || fact is not { } whole ? string.Empty : whole.TotalSeconds <= half ? "within what half of the runs took" : whole.TotalSeconds <= most ? "within the band" : "longer than nine of ten runs");
    }

    private static string Basis(string basis) => basis.Length == 0 ? "by the rules of the campaign" : $"from this: {basis.TrimEnd('.')}";

    private static Task PictureAsync(IReadOnlyList<ForecastLane> lanes, DateTimeOffset start, HtmlPage page)
    {
        var (first, last) = (lanes.Min(lane => Least(lane.Start, lane.Began)), lanes.Max(lane => Most(lane.Late, lane.Ended)));
        var length = last - first < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : last - first;
        var (picture, y) = (new StringBuilder(), Head);
        foreach (var lane in lanes)
        {
            picture.Append(HtmlPage.Label(4, y + 12, "wave", lane.Name.Length > LongestLabel ? lane.Name[..LongestLabel] + "…" : lane.Name));
            picture.Append(HtmlPage.Bar(At(lane.Start), y, Math.Max(1.5, At(lane.Late) - At(lane.Start)), Lane - 4, "late", $"{lane.Name}: in nine of ten runs until {Instant(start + lane.Late)}"));
            picture.Append(HtmlPage.Bar(At(lane.Start), y, Math.Max(1.5, At(lane.End) - At(lane.Start)), Lane - 4, "plan", $"{lane.Name}: in half of the runs from {Instant(start + lane.Start)} to {Instant(start + lane.End)}"));
            if (lane is { Began: { } began, Ended: { } ended })
            {
                y += Lane;
                picture.Append(HtmlPage.Bar(At(began), y - 2, Math.Max(1.5, At(ended) - At(began)), Lane - 6, "run", $"{lane.Name}: from {Instant(start + began)} to {Instant(start + ended)}"));
            }

            y += Lane + 2;
        }

        for (var tick = 0; tick <= Ticks; tick++)
        {
            var time = start + first + (length * tick / Ticks);
            picture.Append(HtmlPage.Line(At(time - start), Head - 6, y, "tick", string.Empty))
                .Append(HtmlPage.Label(At(time - start), 14, tick == Ticks ? "tick last" : "tick", length > TimeSpan.FromDays(1) ? Text($"{time.UtcDateTime:dd HH:mm}") : Text($"{time.UtcDateTime:HH:mm:ss}")));
        }

        return page.PictureAsync(Text($"The waves from {start + first:yyyy-MM-dd HH:mm} to {start + last:yyyy-MM-dd HH:mm} UTC"), Width, y + 4, picture.ToString());

        double At(TimeSpan time) => Left + ((Width - Left) * Math.Clamp((time - first) / length, 0, 1));
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan? other) => other < one ? other.Value : one;

    private static TimeSpan Most(TimeSpan one, TimeSpan? other) => other > one ? other.Value : one;

    private sealed record ForecastLane(string Name, TimeSpan Start, TimeSpan End, TimeSpan Late, TimeSpan? Began, TimeSpan? Ended);
}
