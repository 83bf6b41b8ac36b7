using System.Globalization;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// Finds what determines the duration by experiment: the median run is repeated with each limit it reached doubled. Time
/// spent waiting is not a usable measure: an item that waits for one limit usually waits for others too.
/// </summary>
internal sealed class Bottleneck(ForecastRequest request, ForecastRuns runs, int run, RunResult median)
{
    private const double LeastGain = 0.02;

    public (IReadOnlyList<ForecastChange> Changes, string Bottleneck) Find()
    {
        var candidates = Candidates();
        var changes = runs.Each(candidates.Count, candidate => Try([candidates[candidate]])).OrderBy(change => change.Duration).ToList();
        if (changes.Count > 0 && Gain(changes[0]) >= LeastGain)
        {
            return (changes, Sentence(changes[0]));
        }

        if (candidates.Count > 1 && Try(candidates) is var together && Gain(together) >= LeastGain)
        {
            return ([together, .. changes], $"No limit alone: {Sentence(together)}");
        }

        return (changes, WithoutLimits());
    }

    private List<Change> Candidates()
    {
        var spec = request.Spec;
        var changes = Lever.Of(median.Limits).Select(lever =>
        {
            var doubled = (int)Math.Min(2L * lever.Allowed, int.MaxValue - 1);
            return new Change(lever.Limit, lever.Describe(doubled), previous => lever.Set(previous, doubled), Same);
        }).ToList();
        if (spec.Waves.Any(wave => wave.Ramp is not null))
        {
            changes.Add(new Change("ramp", "every ramp starting twice as high", WithRampsDoubled, Same));
        }

        if (median.AgentsThatQueued.Count > 0)
        {
            changes.Add(new Change("agent", "twice as many concurrent failbacks per agent", Same, estate => estate.WithAgentLimitsDoubled()));
        }

        if (median.LinkWasFull)
        {
            changes.Add(new Change("bandwidth", "twice the assumed bandwidth of every link", Same, estate => estate.WithBandwidthDoubled()));
        }

        return changes;
    }

    private ForecastChange Try(IReadOnlyList<Change> changes)
    {
        var spec = changes.Aggregate(request.Spec, (previous, change) => change.Spec(previous));
        var estate = changes.Aggregate(runs.Estate, (previous, change) => change.Estate(previous));
        var duration = runs.Run(run, spec, estate).Duration ?? TimeSpan.MaxValue;
        return new ForecastChange(string.Join('+', changes.Select(change => change.Limit)), string.Join(", ", changes.Select(change => change.Description)), duration);
    }

    private double Gain(ForecastChange change) => median.Duration!.Value > TimeSpan.Zero ? 1 - (change.Duration / median.Duration.Value) : 0;

    private string Sentence(ForecastChange change) => string.Create(
        CultureInfo.InvariantCulture,
        $"{change.Description} would take {ForecastTexts.Duration(change.Duration)} instead of {ForecastTexts.Duration(median.Duration!.Value)}.");

    private string WithoutLimits()
    {
        var duration = median.Duration!.Value;
        if (median.Idle > duration / 2)
        {
            return $"Waiting for the window and soaks: nothing is in flight for {ForecastTexts.Duration(median.Idle)} of {ForecastTexts.Duration(duration)}.";
        }

        var alone = runs.AloneIn(run);
        var (longest, item) = alone.Zip(request.Plan.Items).MaxBy(pair => pair.First);
        return $"No limit that was reached: doubling any changes nothing. The machine that takes longest, {item.VirtualMachineName} on {item.Host}, is at work for {ForecastTexts.Duration(longest)} of {ForecastTexts.Duration(duration)}.";
    }

    private static CampaignSpec WithRampsDoubled(CampaignSpec spec)
        => spec with { Waves = [.. spec.Waves.Select(wave => wave.Ramp is { } ramp ? wave with { Ramp = ramp with { Start = ramp.Start * 2 } } : wave)] };

    private static T Same<T>(T value) => value;

    private sealed record Change(string Limit, string Description, Func<CampaignSpec, CampaignSpec> Spec, Func<VirtualEstate, VirtualEstate> Estate);
}
