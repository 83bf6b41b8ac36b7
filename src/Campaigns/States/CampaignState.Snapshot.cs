using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.States;

/// <content>Conversion of the state to and from stored facts. Derived state is rebuilt with the methods of the fold.</content>
public sealed partial class CampaignState
{
    internal StateSnapshot ToSnapshot(int format)
    {
        if (Spec is null || _planned.Count > 0)
        {
            throw new InvalidOperationException("There is no snapshot before the campaign is planned.");
        }

        return new StateSnapshot
        {
            Format = format,
            Version = Version,
            Uid = Uid,
            Spec = Spec,
            Document = Document,
            Status = Status,
            StatusReason = StatusReason,
            TakesBack = TakesBack,
            Epoch = Epoch,
            Revision = Revision,
            CreatedBy = CreatedBy,
            CreateTime = CreateTime,
            StartedBy = StartedBy,
            StartTime = StartTime,
            Assumptions = Assumptions,
            Forecast = Forecast,
            EndTime = EndTime,
            LastEventTime = LastEventTime,
            DueRun = DueRun,
            LastRun = LastRun.Length == 0 ? null : LastRun,
            LeftOutRun = LeftOutRun.Length == 0 ? null : LeftOutRun,
            Pauses = _pauses,
            ClosedPhases = _closedPhases.Count == 0 ? null : _closedPhases,
            Budget = Budget,
            Failures = Failures,
            FailureTimes = [.. FailureTimes],
            Dependencies = [.. Dependencies.Select(dependency => dependency.Planned)],
            Together = Sets.Count == 0 ? null : [.. Sets.Select(set => set.Planned)],
            Notes = ReferenceEquals(Notes, PlanNotes.None) ? null : Notes,
            Plan = _items.Select(item => item.Planned),
            Items = _items.Where(item => item.IsTouched),
            Hosts = _hosts,
            Sites = _sites,
            Waves = _waves,
        };
    }

    internal void Restore(StateSnapshot snapshot)
    {
        Uid = snapshot.Uid;
        CreatedBy = snapshot.CreatedBy;
        CreateTime = snapshot.CreateTime;
        Begin(snapshot.Spec, snapshot.Document);
        _waves.Clear();
        _waves.AddRange(snapshot.Waves);
        for (var index = 0; index < snapshot.Spec.Waves.Count; index++)
        {
            _waves[index].Join(index, snapshot.Spec.Waves[index], snapshot.Spec.OutageOf(snapshot.Spec.Waves[index]));
        }

        _planned.AddRange(snapshot.Plan);
        Build(snapshot.Dependencies, snapshot.Together ?? [], snapshot);
        Notes = snapshot.Notes ?? PlanNotes.None;

        Version = snapshot.Version;
        Revision = snapshot.Revision;
        Epoch = snapshot.Epoch;
        Status = snapshot.Status;
        TakesBack = snapshot.TakesBack;
        StatusReason = snapshot.StatusReason;
        StartedBy = snapshot.StartedBy;
        StartTime = snapshot.StartTime;
        Assumptions = snapshot.Assumptions;
        Forecast = snapshot.Forecast;
        EndTime = snapshot.EndTime;
        LastEventTime = snapshot.LastEventTime;
        DueRun = snapshot.DueRun;
        LastRun = snapshot.LastRun ?? string.Empty;
        LeftOutRun = snapshot.LeftOutRun ?? string.Empty;
        Budget = snapshot.Budget;
        Failures = snapshot.Failures;
        foreach (var (cause, automatic) in snapshot.Pauses)
        {
            _pauses.Add(cause, automatic);
        }

        if (snapshot.ClosedPhases is { } closed)
        {
            foreach (var (phase, opens) in closed)
            {
                SetPhase(phase, opens);
            }
        }

        foreach (var time in snapshot.FailureTimes)
        {
            FailureTimes.Enqueue(time);
        }

        CurrentWaveIndex = 0;
        AdvanceCurrentWave();
        RestoreTimers();
        foreach (var item in snapshot.Items)
        {
            Restore(item);
        }

        RestoreDependencies();
        foreach (var host in _hosts)
        {
            host.ListedRoom = (host.HasRoom, host.HasRoomAsPeer);
        }

        foreach (var item in _items)
        {
            CountInSets(item);
            Waiting.Refresh(item);
        }
    }

    private void RestoreTimers()
    {
        Replace(TimerKind.Start, 0, null, Status == CampaignStatus.Scheduled ? StartTime : null);
        foreach (var wave in _waves)
        {
            Replace(TimerKind.Soak, wave.Index, null, wave.SoakEndTime);
        }

        foreach (var host in _hosts)
        {
            Replace(TimerKind.Breaker, host.Index, null, host.Circuit.Until);
        }

        foreach (var site in _sites)
        {
            Replace(TimerKind.SiteBreaker, site.Index, null, site.Circuit.Until);
        }
    }

    private void Restore(CampaignItem item)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(item, _items.ElementAtOrDefault(item.Index), nameof(item));
        item.IsTouched = true;
        Replace(TimerKind.ItemNext, item.Index, null, item.NextTime);
        Replace(TimerKind.ItemDeadline, item.Index, null, item.Deadline);
        Replace(TimerKind.ItemUnreachable, item.Index, null, item.UnreachableDeadline);
        SkippedByPerson += item.SkippedByPerson ? 1 : 0;
        Fenced += item.IsFenced ? 1 : 0;
        if (item.IsInFlight)
        {
            CountInFlight(item);
        }

        if (item.IsUnsettled)
        {
            item.Host.UnsettledItems.Add(item.Index);
        }

        item.Wave.AwaitsWayBack += item is { Status: ItemStatus.Synced, Way: > 0 } ? 1 : 0;
        item.Wave.CountLeftOutInStep(item.Way, item.IsPair && IsLeftOutInStep(item, item.Way) ? 1 : 0);
        if (item.Status == ItemStatus.Held)
        {
            HeldItems.Add(item.Index);
        }
    }

    private void RestoreDependencies()
    {
        foreach (var dependency in Dependencies)
        {
            dependency.Open = dependency.Planned.After.Count(index => !_items[index].Status.IsSuccess());
            dependency.Unmet = dependency.Planned.After.Count(index => EndedUnmet(_items[index].Status));
            if (dependency.Open > 0)
            {
                continue;
            }

            foreach (var index in dependency.Waiting)
            {
                _items[index].OpenDependencies--;
            }
        }
    }
}
