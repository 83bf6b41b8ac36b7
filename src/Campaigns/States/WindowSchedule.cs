using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.States;

/// <summary>The windows of a document: of the whole campaign, and of each phase of pairs.</summary>
internal sealed class CampaignWindows(CampaignSpec spec)
{
    private static readonly PairPhase[] AllPhases = Enum.GetValues<PairPhase>();

    public CampaignSpec Spec { get; } = spec;

    public WindowSchedule? Whole { get; } = spec.Window is { } window ? new WindowSchedule(window) : null;

    public IReadOnlyList<(PairPhase Phase, WindowSchedule Window)> Phases { get; }
        = spec.Windows is { } windows ? [.. AllPhases.Where(phase => windows.Of(phase) is not null).Select(phase => (phase, new WindowSchedule(windows.Of(phase)!)))] : [];

    /// <summary>The next time at which any of them opens or closes; null when there is none.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset time)
    {
        var next = Whole?.NextChange(time);
        foreach (var (_, window) in Phases)
        {
            var change = window.NextChange(time);
            next = next is null || change < next ? change : next;
        }

        return next;
    }
}

/// <summary>
/// When a window is open. A local time that the clock skips counts as the end of the gap; a local time that occurs twice
/// counts as the first occurrence.
/// </summary>
internal sealed class WindowSchedule
{
    private readonly TimeZoneInfo _zone;

    public WindowSchedule(WindowSpec spec)
    {
        Spec = spec;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(spec.TimeZone);
    }

    public WindowSpec Spec { get; }

    public bool IsOpen(DateTimeOffset time) => Last(Spec.Opens, time) > Last(Spec.Closes, time);

    /// <summary>The next time at which it opens or closes.</summary>
    public DateTimeOffset NextChange(DateTimeOffset time)
    {
        var (opens, closes) = (Next(Spec.Opens, time), Next(Spec.Closes, time));
        return opens < closes ? opens : closes;
    }

    /// <summary>The latest occurrence that is not after the time.</summary>
    private DateTimeOffset Last(WindowTime when, DateTimeOffset time)
        => Occurrences(when, time, -8, 1).Where(occurrence => occurrence <= time).Max();

    /// <summary>The first occurrence after the time.</summary>
    private DateTimeOffset Next(WindowTime when, DateTimeOffset time)
        => Occurrences(when, time, -1, 8).Where(occurrence => occurrence > time).Min();

    private IEnumerable<DateTimeOffset> Occurrences(WindowTime when, DateTimeOffset time, int fromDay, int toDay)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, _zone).DateTime);
        for (var day = fromDay; day <= toDay; day++)
        {
            var date = today.AddDays(day);
            if (when.Day is null || when.Day == date.DayOfWeek)
            {
                yield return ToInstant(date.ToDateTime(when.Time));
            }
        }
    }

    private DateTimeOffset ToInstant(DateTime local)
    {
        if (_zone.IsInvalidTime(local))
        {
            do
            {
                local = local.AddMinutes(1);
            }
            while (_zone.IsInvalidTime(local));
        }

        var offset = _zone.IsAmbiguousTime(local) ? _zone.GetAmbiguousTimeOffsets(local).Max() : _zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
