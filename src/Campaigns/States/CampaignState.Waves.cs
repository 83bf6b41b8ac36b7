using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.States;

/// <content>Waves and their gates.</content>
public sealed partial class CampaignState
{
    private void ApplyToWave(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case WaveStarted started:
                Start(_waves[started.Wave], started.At);
                break;
            case WaveReachedGate reached:
                ReachGate(_waves[reached.Wave], reached.At);
                break;
            case WaveApproved approved:
                _waves[approved.Wave].ApprovedBy = approved.Actor;
                _waves[approved.Wave].RejectedBy = null;
                break;
            case WaveOutagesApproved approved:
                Approve(_waves[approved.Wave], approved);
                break;
            case WaveRejected rejected:
                _waves[rejected.Wave].RejectedBy = rejected.Actor;
                break;
            case WaveSoaked soaked:
                SetSoakEnd(_waves[soaked.Wave], null);
                break;
            case SoakEnded ended:
                EndSoak(_waves[ended.Wave], ended.Actor);
                break;
            case WaveDone done:
                Finish(_waves[done.Wave], done.At);
                break;
            case WaveProgramBegun begun:
                _waves[begun.Wave].ProgramRuns = begun.Run;
                SetProgram(_waves[begun.Wave], begun.Moment, new WaveProgram(ProgramStatus.Running, begun.Run, string.Empty));
                break;
            case WaveProgramEnded ended:
                SetProgram(_waves[ended.Wave], ended.Moment, new WaveProgram(ended.Status, ended.Run, ended.Explanation));
                break;
            case WaveProgramSkipped skipped:
                SetProgram(_waves[skipped.Wave], skipped.Moment, _waves[skipped.Wave].ProgramAt(skipped.Moment)! with { Status = ProgramStatus.Skipped });
                break;
            case WaveReopened reopened:
                Reopen(_waves[reopened.Wave]);
                break;
            default:
                throw Unknown(campaignEvent);
        }
    }

    private void Start(CampaignWave wave, DateTimeOffset at)
    {
        wave.Status = WaveStatus.Running;
        wave.StartTime = at;
        RefreshItems(wave);
    }

    private void Approve(CampaignWave wave, WaveOutagesApproved approved)
    {
        var way = approved.WayBack ? 1 : 0;
        if (wave.ApproverOf(way) is null)
        {
            (wave.OutagesApprovedBy, wave.WayBackApprovedBy) = way == 0 ? (approved.Actor, wave.WayBackApprovedBy) : (wave.OutagesApprovedBy, approved.Actor);
            LeaveOut(wave, way, approved.Except is { Count: > 0 } except ? new SortedDictionary<int, string?>(except.ToDictionary(index => index, _ => (string?)null)) : null);
            RefreshItems(wave);
            return;
        }

        // One more, for those that were left out before.
        var left = wave.LeftOutOf(way) ?? [];
        foreach (var index in left.Where(one => one.Value is null && approved.Except?.Contains(one.Key) != true).Select(one => one.Key).ToList())
        {
            wave.CountLeftOutInStep(way, IsLeftOutInStep(_items[index], way) ? -1 : 0);
            left[index] = approved.Actor;
            CountInSets(_items[index]);
            Waiting.Refresh(_items[index]);
        }
    }

    private void EndSoak(CampaignWave wave, string actor)
    {
        SetSoakEnd(wave, null);
        foreach (var item in ItemsOf(wave).Where(item => item.Soaks))
        {
            item.Explanation = $"{actor} ended its soak.";
            SetNext(item, null);
            Waiting.Refresh(item);
        }
    }

    private void LeaveOut(CampaignWave wave, int way, SortedDictionary<int, string?>? left)
    {
        (wave.LeftOut, wave.LeftOutOfWayBack) = way == 0 ? (left, wave.LeftOutOfWayBack) : (wave.LeftOut, left);
        wave.CountLeftOutInStep(way, -wave.LeftOutInStep(way));
        foreach (var index in left?.Keys.ToList() ?? [])
        {
            wave.CountLeftOutInStep(way, IsLeftOutInStep(_items[index], way) ? 1 : 0);
            CountInSets(_items[index]);
        }
    }

    private static bool IsLeftOutInStep(CampaignItem item, int way) => item.Way == way && item.Status == ItemStatus.Synced && item.Wave.LeavesOut(way, item.Index);

    private void SetProgram(CampaignWave wave, WaveMoment moment, WaveProgram program)
    {
        var held = wave.HoldsOutages;
        wave.Set(moment, program);
        if (wave.After is { IsSettled: true } && wave.Counts.Terminal < wave.Counts.Total)
        {
            // Machines were retried meanwhile: their services go down once more.
            wave.Set(WaveMoment.BeforeOutages, null);
            wave.Set(WaveMoment.AfterEnd, null);
        }

        if (held != wave.HoldsOutages)
        {
            RefreshItems(wave);
        }
    }

    // Visits every item of a wave: once when it starts, once when its outages are approved, when its program begins and is settled, and when a person ends its soak.
    private void RefreshItems(CampaignWave wave)
    {
        foreach (var item in ItemsOf(wave))
        {
            Waiting.Refresh(item);
        }
    }

    /// <summary>The items of a wave, in the order of the plan.</summary>
    internal IEnumerable<CampaignItem> ItemsOf(CampaignWave wave) => _items.Skip(wave.FirstItem).Take(wave.Counts.Total);

    private void ReachGate(CampaignWave wave, DateTimeOffset at)
    {
        wave.Status = WaveStatus.AtGate;
        wave.EndTime = at;
        SetSoakEnd(wave, wave.Spec.Gate is { Soak: var soak } && soak > TimeSpan.Zero ? at + soak : null);
    }

    private void Finish(CampaignWave wave, DateTimeOffset at)
    {
        wave.Status = WaveStatus.Done;
        wave.EndTime ??= at;
        wave.GatePassed = true;
        SetSoakEnd(wave, null);
        AdvanceCurrentWave();
    }

    private void Reopen(CampaignWave wave)
    {
        wave.Status = WaveStatus.Running;
        wave.EndTime = null;
        wave.OutagesApprovedBy = null;
        wave.WayBackApprovedBy = null;
        LeaveOut(wave, 0, null);
        LeaveOut(wave, 1, null);
        // Its services go down once more.
        wave.Set(WaveMoment.BeforeOutages, null);
        wave.Set(WaveMoment.AfterEnd, null);
        SetSoakEnd(wave, null);
        if (!wave.GatePassed)
        {
            // The approval was given for other results.
            wave.ApprovedBy = null;
            wave.RejectedBy = null;
        }

        CurrentWaveIndex = Math.Min(CurrentWaveIndex, wave.Index);
    }

    private void AdvanceCurrentWave()
    {
        while (CurrentWave is { Status: WaveStatus.Done })
        {
            CurrentWaveIndex++;
        }
    }

    private void SetSoakEnd(CampaignWave wave, DateTimeOffset? end)
    {
        Replace(TimerKind.Soak, wave.Index, wave.SoakEndTime, end);
        wave.SoakEndTime = end;
    }

    private void Replace(TimerKind kind, int key, DateTimeOffset? previous, DateTimeOffset? current)
    {
        if (previous is { } old)
        {
            Timers.Remove(new CampaignTimer(old, kind, key));
        }

        if (current is { } due)
        {
            Timers.Add(new CampaignTimer(due, kind, key));
        }
    }
}
