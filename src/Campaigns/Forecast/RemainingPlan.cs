using System.Runtime.InteropServices;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// What an estimate of a campaign's remaining time needs of it, copied piece by piece: a turn of a large campaign never waits for all of its items. Each item is copied as it is
/// then. The rest of the campaign becomes a campaign of its own: its items that have not ended, in their waves, with ramps at their current size, at the rates of the items that
/// have succeeded.
/// </summary>
public sealed class RemainingPlan
{
    /// <summary>Fewer samples say nothing about the other items.</summary>
    private const int FewestSamples = 3;

    /// <summary>What a test takes does not depend on the machine's disks: each counts as large as any other.</summary>
    private const long OneTest = 1_000_000;

    /// <summary>A running item never counts as done, however long it has been running.</summary>
    private const double LeastLeft = 0.05;

    private readonly CampaignState _state;
    private readonly long _revision;
    private readonly CopiedItem[] _items;
    private int _copied;
    private WholeCampaign? _whole;

    private RemainingPlan(CampaignState state)
    {
        _state = state;
        _revision = state.Revision;
        _items = new CopiedItem[state.Items.Count];
    }

    /// <summary>Begins a copy; costs nothing but its memory.</summary>
    /// <param name="state">The campaign.</param>
    /// <returns>The copy, still empty; null while too little has been measured, or while a person must act before the campaign continues.</returns>
    public static RemainingPlan? Begin(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return GoesOn(state) && Measured(state) >= FewestSamples ? new RemainingPlan(state) : null;
    }

    /// <summary>At most how many items have been measured; counting those that were costs O(items).</summary>
    internal static int Measured(CampaignState state)
        // A drill takes its outages and its soak, whatever the disks.
        => state.Spec?.PlannedDrill is not null ? FewestSamples
            : state.Counts[ItemStatus.Succeeded] + state.Counts[ItemStatus.SucceededWithWarnings] + (state.Spec?.HostToHost is null ? 0 : state.Counts[ItemStatus.Synced] + state.InFlight);

    /// <summary>Whether it is a copy of this campaign with the items that it has now.</summary>
    /// <param name="state">The campaign.</param>
    public bool IsOf(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return ReferenceEquals(state, _state) && state.Revision == _revision && state.Items.Count == _items.Length;
    }

    /// <summary>Copies the next items. Only between two turns of the campaign.</summary>
    /// <param name="items">At most how many.</param>
    /// <returns>Whether the copy is complete.</returns>
    public bool Copy(int items)
    {
        for (var end = Math.Min(_items.Length, _copied + (long)items); _copied < end; _copied++)
        {
            _items[_copied] = new CopiedItem(_state.Items[_copied]);
        }

        if (_copied < _items.Length)
        {
            return false;
        }

        _whole ??= new WholeCampaign(
            GoesOn(_state),
            _state.Spec!,
            [.. _state.Waves.Select(Wave)],
            [.. _state.Waves.Select(wave => wave.Spec.Name)],
            _state.CurrentWave?.SoakEndTime,
            _state.Dependencies.ConvertAll(dependency => dependency.Planned));
        return true;
    }

    /// <summary>The forecast request. On any thread, once the copy is complete.</summary>
    /// <param name="now">When it was completed.</param>
    /// <returns>The request; null while too little is known, or while a person must act before the campaign continues.</returns>
    /// <exception cref="InvalidOperationException">The copy is not complete.</exception>
    public ForecastRequest? ToRequest(DateTimeOffset now)
    {
        var whole = _whole ?? throw new InvalidOperationException($"Only {_copied} of {_items.Length} items have been copied.");
        if (!whole.GoesOn)
        {
            return null;
        }

        // A machine that is held goes on when a person has decided, whenever that is.
        var left = Enumerable.Range(0, _items.Length).Where(index => !_items[index].Status.IsTerminal() && _items[index].Status != ItemStatus.Held)
            .OrderBy(index => _items[index].Wave).ThenByDescending(index => _items[index].IsInFlight).ToList();
        var isDrill = whole.Spec.PlannedDrill is not null;
        if (left.Count == 0 || (!isDrill && left.Exists(index => _items[index].Size <= 0)))
        {
            return null;
        }

        var samples = isDrill ? [] : Samples();
        if (!isDrill && samples.Count < FewestSamples)
        {
            return null;
        }

        var median = isDrill ? 0 : samples.Select(sample => sample.BytesPerSecond).Order().ElementAt(samples.Count / 2);
        var dependencies = Dependencies(whole.Dependencies, left);
        var items = left.ConvertAll(index => _items[index].Planned with
        {
            DiskBytes = isDrill ? 1 : BytesLeft(_items[index], now, median),
            Steps = isDrill && _items[index].Step > 1 ? [.. _items[index].Planned.Steps!.Skip(2)] : _items[index].Planned.Steps,
            Dependencies = _items[index].DependenciesLifted ? [] : [.. _items[index].Planned.Dependencies.Where(dependency => dependencies[dependency].After.Count > 0)],
        });
        var inWaves = new int[whole.Waves.Count];
        items.ForEach(item => inWaves[item.Wave]++);
        return new ForecastRequest
        {
            Spec = whole.Spec with { Waves = whole.Waves },
            Plan = new CampaignPlan([.. whole.WaveNames.Select((name, wave) => new PlannedWave(name, inWaves[wave], 0, string.Empty))], items, dependencies, [], [], []),
            StartTime = whole.SoakEndTime is { } soak && soak > now ? soak : now,
            Samples = samples,
            OfTests = whole.Spec.TestFailover is not null,
            OfCopies = whole.Spec.HostToHost is not null && !isDrill,
            FirstSteps = isDrill ? left.ConvertAll(index => FirstStep(_items[index], now)) : null,
            Outage = MedianOutage(),
        };
    }

    private static bool GoesOn(CampaignState state)
        => (state.Status == CampaignStatus.Running || (state.Status == CampaignStatus.Paused && state.PauseCause == PauseCause.Window));

    private static WaveSpec Wave(CampaignWave wave)
        => wave.Spec.Ramp is { } ramp && wave.Status == WaveStatus.Running ? wave.Spec with { Ramp = ramp with { Start = wave.RampBound } } : wave.Spec;

    private static List<PlannedDependency> Dependencies(List<PlannedDependency> planned, List<int> left)
    {
        var positions = new Dictionary<int, int>(left.Count);
        for (var position = 0; position < left.Count; position++)
        {
            positions.Add(left[position], position);
        }

        return planned.ConvertAll(dependency => new PlannedDependency(
            dependency.Text, [.. dependency.After.Where(positions.ContainsKey).Select(index => positions[index]).Order()]));
    }

    private static long BytesLeft(in CopiedItem item, DateTimeOffset now, double median)
    {
        if (item.StepKind is StepKind.SwitchOver or StepKind.Protect)
        {
            // Both of its steps stay in the plan, for both its hosts count; nothing is left of the first.
            return 1;
        }

        var done = item is { IsInFlight: true, StartTime: { } start } ? Math.Max(0, (now - start).TotalSeconds * median) : 0;
        return (long)Math.Clamp(item.Size - done, Math.Max(1, item.Size * LeastLeft), item.Size);
    }

    // Of the way of a drill that a machine is on: nothing where it is in step already, the rest of its soak and then that where it is left running there, and null for what every other one takes.
    private TimeSpan? FirstStep(in CopiedItem item, DateTimeOffset now)
        => item.StepKind == StepKind.SwitchOver ? TimeSpan.FromMilliseconds(1)
            : item is { Step: > 1, NextTime: { } end } && end > now ? end - now + VirtualAgents.InStepOf(_state.Spec!)
            : null;

    private TimeSpan? MedianOutage()
    {
        var outages = _items.Where(item => item.Status.IsSuccess() && item is { StepKind: StepKind.SwitchOver, StartTime: { } start, EndTime: { } end } && end > start)
            .Select(item => item.EndTime!.Value - item.StartTime!.Value).Order().ToList();
        return outages.Count < FewestSamples ? null : outages[outages.Count / 2];
    }

    /// <summary>From the intent to the success: items that wait for a slot on their host wait in the forecast too.</summary>
    private List<RateSample> Samples()
    {
        var samples = new List<RateSample>();
        foreach (var item in _items)
        {
            if (item is { CopyTime: { } copy, Planned: { DiskBytes: > 0 } pair })
            {
                samples.Add(new RateSample(pair.Host, pair.DiskBytes, copy));
            }
            else if (!item.GoesHostToHost && item.Status.IsSuccess() && item.Size > 0 && item is { StartTime: { } start, EndTime: { } end } && end > start)
            {
                samples.Add(new RateSample(item.Planned.Host, item.Size, end - start));
            }
        }

        return samples;
    }

    /// <summary>What is needed of an item, as it was when it was copied.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct CopiedItem(CampaignItem item)
    {
        public PlannedItem Planned { get; } = item.Planned;

        public ItemStatus Status { get; } = item.Status;

        public int Wave { get; } = item.Wave.Index;

        public StepKind StepKind { get; } = item.StepKind;

        public int Step { get; } = item.Step;

        public DateTimeOffset? NextTime { get; } = item.IsInFlight ? null : item.NextTime;

        public bool IsInFlight { get; } = item.IsInFlight;

        public bool GoesHostToHost { get; } = item.GoesHostToHost;

        public bool DependenciesLifted { get; } = item.DependenciesLifted;

        public DateTimeOffset? StartTime { get; } = item.StartTime;

        public DateTimeOffset? EndTime { get; } = item.EndTime;

        public TimeSpan? CopyTime { get; } = item.CopyTime;

        public long Size => StepKind == StepKind.TestFailover ? OneTest : Planned.DiskBytes;
    }

    private sealed record WholeCampaign(
        bool GoesOn, CampaignSpec Spec, IReadOnlyList<WaveSpec> Waves, IReadOnlyList<string> WaveNames, DateTimeOffset? SoakEndTime, List<PlannedDependency> Dependencies);
}
