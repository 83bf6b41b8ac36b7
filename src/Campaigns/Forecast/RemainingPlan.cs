using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// The rest of a campaign as a campaign of its own: its items that have not ended, in their waves, with ramps at their current
/// size, at the rates of the items that have succeeded.
/// </summary>
internal static class RemainingPlan
{
    /// <summary>Fewer samples say nothing about the other items.</summary>
    private const int FewestSamples = 3;

    /// <summary>What a test takes does not depend on the machine's disks: each counts as large as any other.</summary>
    private const long OneTest = 1_000_000;

    /// <summary>A running item never counts as done, however long it has been running.</summary>
    private const double LeastLeft = 0.05;

    /// <summary>The forecast request; null while too little is known, or while a person must act before the campaign continues.</summary>
    public static ForecastRequest? Of(CampaignState state, DateTimeOffset now)
    {
        var goesOn = state.Status == CampaignStatus.Running || (state.Status == CampaignStatus.Paused && state.PauseCause == PauseCause.Window);
        if (!goesOn || state.Spec!.PlannedDrill is not null || Measured(state) < FewestSamples)
        {
            return null;
        }

        // A machine that is held goes on when a person has decided, whenever that is.
        var left = state.Items.Where(item => !item.Status.IsTerminal() && item.Status != ItemStatus.Held).OrderBy(item => item.Wave.Index).ThenByDescending(item => item.IsInFlight).ToList();
        if (left.Count == 0 || left.Exists(item => SizeOf(item) <= 0))
        {
            return null;
        }

        var samples = Samples(state);
        if (samples.Count < FewestSamples)
        {
            return null;
        }

        var median = samples.Select(sample => sample.BytesPerSecond).Order().ElementAt(samples.Count / 2);
        var dependencies = Dependencies(state, left);
        var items = left.ConvertAll(item => item.Planned with
        {
            DiskBytes = BytesLeft(item, now, median),
            Dependencies = item.DependenciesLifted ? [] : [.. item.Planned.Dependencies.Where(dependency => dependencies[dependency].After.Count > 0)],
        });
        var spec = state.Spec! with { Waves = [.. state.Waves.Select(Wave)] };
        var waves = state.Waves.Select(wave => new PlannedWave(wave.Spec.Name, items.Count(item => item.Wave == wave.Index), 0, string.Empty)).ToList();
        return new ForecastRequest
        {
            Spec = spec,
            Plan = new CampaignPlan(waves, items, dependencies, [], [], []),
            StartTime = state.CurrentWave?.SoakEndTime is { } soak && soak > now ? soak : now,
            Samples = samples,
            OfTests = state.Spec.TestFailover is not null,
            OfCopies = state.Spec.HostToHost is not null,
            Outage = MedianOutage(state),
        };
    }

    /// <summary>At most how many items have been measured; counting those that were costs O(items).</summary>
    public static int Measured(CampaignState state)
        => state.Counts[ItemStatus.Succeeded] + state.Counts[ItemStatus.SucceededWithWarnings] + (state.Spec?.HostToHost is null ? 0 : state.Counts[ItemStatus.Synced] + state.InFlight);

    private static TimeSpan? MedianOutage(CampaignState state)
    {
        var outages = state.Items.Where(item => item.Status.IsSuccess() && item is { StepKind: StepKind.SwitchOver, StartTime: { } start, EndTime: { } end } && end > start)
            .Select(item => item.EndTime!.Value - item.StartTime!.Value).Order().ToList();
        return outages.Count < FewestSamples ? null : outages[outages.Count / 2];
    }

    private static long SizeOf(CampaignItem item) => item.IsDrill ? OneTest : item.Planned.DiskBytes;

    /// <summary>From the intent to the success: items that wait for a slot on their host wait in the forecast too.</summary>
    private static List<RateSample> Samples(CampaignState state)
    {
        var samples = new List<RateSample>();
        foreach (var item in state.Items)
        {
            if (item is { CopyTime: { } copy, Planned: { DiskBytes: > 0 } pair })
            {
                samples.Add(new RateSample(pair.Host, pair.DiskBytes, copy));
            }
            else if (!item.GoesHostToHost && item.Status.IsSuccess() && SizeOf(item) > 0 && item is { StartTime: { } start, EndTime: { } end } && end > start)
            {
                samples.Add(new RateSample(item.Planned.Host, SizeOf(item), end - start));
            }
        }

        return samples;
    }

    private static List<PlannedDependency> Dependencies(CampaignState state, List<CampaignItem> left)
    {
        var positions = new Dictionary<int, int>(left.Count);
        for (var position = 0; position < left.Count; position++)
        {
            positions.Add(left[position].Index, position);
        }

        return state.Dependencies.ConvertAll(dependency => new PlannedDependency(
            dependency.Planned.Text, [.. dependency.Planned.After.Where(positions.ContainsKey).Select(index => positions[index]).Order()]));
    }

    private static long BytesLeft(CampaignItem item, DateTimeOffset now, double median)
    {
        var size = SizeOf(item);
        if (item.StepKind is StepKind.SwitchOver or StepKind.Protect)
        {
            // Both of its steps stay in the plan, for both its hosts count; nothing is left of the first.
            return 1;
        }

        var done = item is { IsInFlight: true, StartTime: { } start } ? Math.Max(0, (now - start).TotalSeconds * median) : 0;
        return (long)Math.Clamp(size - done, Math.Max(1, size * LeastLeft), size);
    }

    private static WaveSpec Wave(CampaignWave wave)
        => wave.Spec.Ramp is { } ramp && wave.Status == WaveStatus.Running ? wave.Spec with { Ramp = ramp with { Start = wave.RampBound } } : wave.Spec;
}
