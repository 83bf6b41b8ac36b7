using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Forecast;

/// <summary>Percentile bands over several runs, by nearest rank: each time in a band occurred in one of the runs.</summary>
internal static class Bands
{
    public static DurationBand Of(IEnumerable<TimeSpan> durations)
    {
        var sorted = durations.Order().ToList();
        return new DurationBand(sorted[Rank(sorted.Count, 0.5)], sorted[Rank(sorted.Count, 0.9)]);
    }

    /// <summary>The index of the run whose duration is the band's P50.</summary>
    public static int MedianRun(IReadOnlyList<RunResult> results)
        => Enumerable.Range(0, results.Count).OrderBy(run => results[run].Duration).ElementAt(Rank(results.Count, 0.5));

    /// <summary>The index of the run whose duration is the band's P90.</summary>
    public static int LateRun(IReadOnlyList<RunResult> results)
        => Enumerable.Range(0, results.Count).OrderBy(run => results[run].Duration).ElementAt(Rank(results.Count, 0.9));

    /// <summary>The waves that finished in every run.</summary>
    public static IReadOnlyList<ForecastWave> OfWaves(CampaignPlan plan, IReadOnlyList<RunResult> results)
    {
        var waves = new List<ForecastWave>();
        for (var wave = 0; wave < plan.Waves.Count; wave++)
        {
            var position = wave;
            if (plan.Waves[wave].Items > 0 && results.All(result => result.Waves[position] is { Start: not null, End: not null }))
            {
                waves.Add(new ForecastWave(
                    plan.Waves[wave].Name,
                    Of(results.Select(result => result.Waves[position].Start!.Value)),
                    Of(results.Select(result => result.Waves[position].End!.Value))));
            }
        }

        return waves;
    }

    private static int Rank(int count, double part) => (int)Math.Ceiling(part * count) - 1;
}
