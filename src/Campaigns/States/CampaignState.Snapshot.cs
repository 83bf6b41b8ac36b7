using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.States;

/// <content>The state as facts that can be stored, and back. What follows from them is made anew, by the means of the fold.</content>
public sealed partial class CampaignState
{
    internal StateSnapshot ToSnapshot(int format)
    {
        if (Spec is null || _planned.Count > 0)
        {
            throw new InvalidOperationException("A snapshot is taken between decisions, and there is none before the campaign is planned.");
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
            Epoch = Epoch,
            Revision = Revision,
            CreatedBy = CreatedBy,
            CreateTime = CreateTime,
            StartedBy = StartedBy,
            StartTime = StartTime,
            EndTime = EndTime,
            Pauses = [.. _pauses.Select(pause => new PauseFacts(pause.Key, pause.Value))],
            Budget = Budget,
            Failures = Failures,
            FailureTimes = [.. FailureTimes],
            Dependencies = [.. Dependencies.Select(dependency => dependency.Planned)],
            Notes = ReferenceEquals(Notes, PlanNotes.None) ? null : Notes,
            Plan = [.. _items.Select(item => item.Planned)],
            Items = [.. _items.Select(ItemFacts.Of).Where(facts => !facts.IsUntouched)],
            Hosts = [.. _hosts.Select(HostFacts.Of)],
            Sites = [.. _sites.Select(SiteFacts.Of)],
            Waves = [.. _waves.Select(WaveFacts.Of)],
        };
    }

    internal void Restore(StateSnapshot snapshot)
    {
        Uid = snapshot.Uid;
        CreatedBy = snapshot.CreatedBy;
        CreateTime = snapshot.CreateTime;
        Begin(snapshot.Spec, snapshot.Document);
        _planned.AddRange(snapshot.Plan);
        Build(new CampaignPlanned(snapshot.Dependencies));
        Notes = snapshot.Notes ?? PlanNotes.None;

        Version = snapshot.Version;
        Revision = snapshot.Revision;
        Epoch = snapshot.Epoch;
        Status = snapshot.Status;
        StatusReason = snapshot.StatusReason;
        StartedBy = snapshot.StartedBy;
        StartTime = snapshot.StartTime;
        EndTime = snapshot.EndTime;
        Budget = snapshot.Budget;
        Failures = snapshot.Failures;
        foreach (var pause in snapshot.Pauses)
        {
            _pauses.Add(pause.Cause, pause.Automatic);
        }

        foreach (var time in snapshot.FailureTimes)
        {
            FailureTimes.Enqueue(time);
        }

        if (Status == CampaignStatus.Scheduled)
        {
            Timers.Add(new CampaignTimer(StartTime!.Value, TimerKind.Start, 0));
        }

        Restore(snapshot.Waves);
        Restore(snapshot.Hosts);
        Restore(snapshot.Sites);
        Restore(snapshot.Items);
        RestoreDependencies();
        foreach (var item in _items)
        {
            Waiting.Refresh(item);
        }
    }

    private void Restore(IReadOnlyList<WaveFacts> waves)
    {
        foreach (var (wave, facts) in _waves.Zip(waves))
        {
            wave.Status = facts.Status;
            wave.ApprovedBy = facts.ApprovedBy;
            wave.RejectedBy = facts.RejectedBy;
            wave.StartTime = facts.StartTime;
            wave.EndTime = facts.EndTime;
            wave.GatePassed = facts.GatePassed;
            wave.RampBound = facts.RampBound;
            wave.RampSuccesses = facts.RampSuccesses;
            SetSoakEnd(wave, facts.SoakEndTime);
        }

        CurrentWaveIndex = 0;
        AdvanceCurrentWave();
    }

    private void Restore(IReadOnlyList<HostFacts> hosts)
    {
        foreach (var (host, facts) in _hosts.Zip(hosts))
        {
            host.IsLost = facts.IsLost;
            host.UnreachableInARow = facts.UnreachableInARow;
            host.Failures = facts.Failures;
            host.Budget = facts.Budget;
            host.Journal = facts.Journal;
            host.JournalTime = facts.JournalTime;
            Restore(host.Circuit, facts.Circuit, TimerKind.Breaker, host.Index);
        }
    }

    private void Restore(IReadOnlyList<SiteFacts> sites)
    {
        foreach (var (site, facts) in _sites.Zip(sites))
        {
            site.FailingHosts.UnionWith(facts.FailingHosts);
            site.SilentHosts.UnionWith(facts.SilentHosts);
            Restore(site.Circuit, facts.Circuit, TimerKind.SiteBreaker, site.Index);
        }
    }

    private void Restore(CircuitBreaker circuit, CircuitFacts facts, TimerKind kind, int key)
    {
        circuit.Status = facts.Status;
        circuit.Unreachable = facts.Unreachable;
        circuit.Openings = facts.Openings;
        circuit.Probe = facts.Probe;
        SetUntil(circuit, facts.Until, kind, key);
    }

    private void Restore(IReadOnlyList<ItemFacts> items)
    {
        foreach (var facts in items)
        {
            var item = _items[facts.Index];
            facts.ApplyTo(item);
            Move(item, facts.Status);
            Enter(item, facts.Phase);
            SetNext(item, facts.NextTime);
            SetDeadline(item, facts.Deadline);
            SetUnreachableDeadline(item, facts.UnreachableDeadline);
            SkippedByPerson += facts.SkippedByPerson ? 1 : 0;
            Fenced += facts.IsFenced ? 1 : 0;
            if (facts.IsUnsettled)
            {
                item.Host.UnsettledItems.Add(item.Index);
            }
        }
    }

    private void RestoreDependencies()
    {
        foreach (var dependency in Dependencies)
        {
            dependency.Open = dependency.Planned.After.Count(index => !_items[index].Status.IsSuccess());
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
