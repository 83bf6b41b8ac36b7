using System.Globalization;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// Answers whether a campaign ends by a time, and otherwise which smallest change of one limit does it, by running it with the change: the run that nine of ten are
/// no longer than is repeated with more and more allowed. A change is the smaller the less it multiplies what its limit allows now.
/// </summary>
internal sealed class HomeBy(ForecastRequest request, ForecastRuns runs, IReadOnlyList<RunResult> results)
{
    /// <summary>More than all items at once is never needed.</summary>
    private int Most => request.Plan.Items.Count;

    /// <summary>Answers for the time of the request.</summary>
    /// <param name="wanted">The time.</param>
    /// <param name="band">What the runs without a change took.</param>
    public ForecastDeadline Answer(DateTimeOffset wanted, DurationBand band)
    {
        var available = wanted - request.StartTime;
        if (band.P90 <= available)
        {
            return new ForecastDeadline(wanted, IsMet: true, null, Text($"Nine of ten runs end by then; it takes {ForecastTexts.Duration(band.P90)}."));
        }

        var run = Bands.LateRun(results);
        var levers = Lever.Of(results[run].Limits);
        var open = runs.Each(levers.Count, lever => Try(run, [(levers[lever], Most)]) <= available);
        var smallest = runs.Each(levers.Count, lever => open[lever] ? Smallest(run, levers[lever], available) : (int?)null)
            .Select((allowed, lever) => (Lever: levers[lever], Allowed: allowed))
            .Where(change => change.Allowed is not null)
            .OrderBy(change => (double)change.Allowed!.Value / change.Lever.Allowed)
            .ThenBy(change => change.Lever.Limit, StringComparer.Ordinal)
            .FirstOrDefault();
        if (smallest.Allowed is { } enough)
        {
            var change = Change(run, [(smallest.Lever, enough)]);
            return new ForecastDeadline(wanted, IsMet: false, change, Text($"Not as planned: it takes {ForecastTexts.Duration(band.P90)}. The smallest change that does it is {change.Description}: {ForecastTexts.Duration(change.Duration)}."));
        }

        if (levers.Count > 1 && Try(run, [.. levers.Select(lever => (lever, Most))]) <= available)
        {
            var factor = 2;
            while (Try(run, Multiplied(levers, factor)) > available)
            {
                factor *= 2;
            }

            var change = Change(run, Multiplied(levers, factor));
            return new ForecastDeadline(wanted, IsMet: false, change, Text($"Not as planned: it takes {ForecastTexts.Duration(band.P90)}, and no limit alone does it. Together, {change.Description} do: {ForecastTexts.Duration(change.Duration)}."));
        }

        var least = levers.Count == 0 ? band.P90 : Try(run, [.. levers.Select(lever => (lever, Most))]);
        return new ForecastDeadline(wanted, IsMet: false, null, Text(
            $"No change of a limit does it: it takes {ForecastTexts.Duration(band.P90)}, and {(least < band.P90 ? Text($"{ForecastTexts.Duration(least)} with none of the limits that were reached") : "no limit that was reached shortens it")}. Start earlier, or take fewer machines."));
    }

    private IReadOnlyList<(Lever, int)> Multiplied(IReadOnlyList<Lever> levers, int factor)
        => [.. levers.Select(lever => (lever, (int)Math.Min((long)lever.Allowed * factor, Math.Max(Most, lever.Allowed))))];

    // More allowed is not always faster, but the smallest number that is found does end in time.
    private int Smallest(int run, Lever lever, TimeSpan available)
    {
        var (low, high) = (lever.Allowed, Math.Max(Most, lever.Allowed));
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Try(run, [(lever, middle)]) <= available)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return high;
    }

    private ForecastChange Change(int run, IReadOnlyList<(Lever Lever, int Allowed)> changes) => new(
        string.Join('+', changes.Select(change => change.Lever.Limit)),
        string.Join(", ", changes.Select(change => change.Lever.Describe(change.Allowed))),
        Try(run, changes));

    private TimeSpan Try(int run, IReadOnlyList<(Lever Lever, int Allowed)> changes)
        => runs.Run(run, changes.Aggregate(request.Spec, (spec, change) => change.Lever.Set(spec, change.Allowed)), runs.Estate).Duration ?? TimeSpan.MaxValue;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A limit of the document that a run reached.</summary>
/// <param name="Limit">Its key.</param>
/// <param name="Allowed">What it allows.</param>
/// <param name="Change">Sets it.</param>
internal sealed record Lever(string Limit, int Allowed, Func<LimitsSpec, Amount, LimitsSpec> Change)
{
    private static readonly (string Limit, Func<LimitsSpec, Amount, LimitsSpec> Change)[] All =
    [
        ("campaign", (limits, amount) => limits with { Campaign = amount }),
        ("site", (limits, amount) => limits with { Site = amount }),
        ("link", (limits, amount) => limits with { Link = amount }),
        ("tenant", (limits, amount) => limits with { Tenant = amount }),
        ("host", (limits, amount) => limits with { Host = amount }),
        ("switch", (limits, amount) => limits with { Switch = amount }),
    ];

    /// <summary>Those that were full at some point.</summary>
    public static IReadOnlyList<Lever> Of(IReadOnlyList<ForecastLimit> limits)
    {
        var full = limits.Where(limit => limit.Full > 0).ToDictionary(limit => limit.Limit, limit => limit.Allowed, StringComparer.Ordinal);
        return [.. All.Where(lever => full.ContainsKey(lever.Limit)).Select(lever => new Lever(lever.Limit, full[lever.Limit], lever.Change))];
    }

    public CampaignSpec Set(CampaignSpec spec, int allowed) => spec with { Limits = Change(spec.Limits, Amount.Count(allowed)) };

    public string Describe(int allowed) => string.Create(CultureInfo.InvariantCulture, $"limits.{Limit} {Allowed} → {allowed}");
}
