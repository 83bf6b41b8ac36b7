using System.Globalization;
using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// Finds what decides the duration by trying: the run of median length is run again with each limit doubled that it reached. Time
/// spent waiting is no measure of that, because whoever waits for one limit usually waits for others too.
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
        var full = median.Limits.Where(limit => limit.Full > 0).ToDictionary(limit => limit.Limit, limit => limit.Allowed, StringComparer.Ordinal);
        var changes = new List<Change>();
        Add("campaign", (limits, doubled) => limits with { Campaign = doubled });
        Add("site", (limits, doubled) => limits with { Site = doubled });
        Add("link", (limits, doubled) => limits with { Link = doubled });
        Add("tenant", (limits, doubled) => limits with { Tenant = doubled });
        Add("host", (limits, doubled) => limits with { Host = doubled });
        if (spec.Waves.Any(wave => wave.Ramp is not null))
        {
            changes.Add(new Change("ramp", "every ramp from twice its start", WithRampsDoubled, Same));
        }

        if (median.AgentsThatQueued.Count > 0)
        {
            changes.Add(new Change("agent", "twice as many failbacks at once on each host's agent", Same, estate => estate.WithAgentLimitsDoubled()));
        }

        if (median.LinkWasFull)
        {
            changes.Add(new Change("bandwidth", "twice the assumed bandwidth of every link", Same, estate => estate.WithBandwidthDoubled()));
        }

        return changes;

        void Add(string limit, Func<LimitsSpec, Amount, LimitsSpec> change)
        {
            if (full.TryGetValue(limit, out var allowed))
            {
                var doubled = (int)Math.Min(2L * allowed, int.MaxValue - 1);
                changes.Add(new Change(
                    limit,
                    string.Create(CultureInfo.InvariantCulture, $"limits.{limit} {allowed} → {doubled}"),
                    former => former with { Limits = change(former.Limits, Amount.Count(doubled)) },
                    Same));
            }
        }
    }

    private ForecastChange Try(IReadOnlyList<Change> changes)
    {
        var spec = changes.Aggregate(request.Spec, (former, change) => change.Spec(former));
        var estate = changes.Aggregate(runs.Estate, (former, change) => change.Estate(former));
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
        return $"No limit that was reached: doubling any changes nothing. The longest failback, {item.VirtualMachineName} on {item.Host}, takes {ForecastTexts.Duration(longest)} of {ForecastTexts.Duration(duration)}.";
    }

    private static CampaignSpec WithRampsDoubled(CampaignSpec spec)
        => spec with { Waves = [.. spec.Waves.Select(wave => wave.Ramp is { } ramp ? wave with { Ramp = ramp with { Start = ramp.Start * 2 } } : wave)] };

    private static T Same<T>(T value) => value;

    private sealed record Change(string Limit, string Description, Func<CampaignSpec, CampaignSpec> Spec, Func<VirtualEstate, VirtualEstate> Estate);
}
