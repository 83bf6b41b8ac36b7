using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.States;

/// <content>The campaign as a whole.</content>
public sealed partial class CampaignState
{
    private void ApplyToCampaign(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case CampaignScheduled scheduled:
                ClearStartTimer();
                Status = CampaignStatus.Scheduled;
                StartTime = scheduled.StartTime;
                StartedBy = scheduled.Actor;
                Assumptions = scheduled.Assumptions;
                Timers.Add(new CampaignTimer(scheduled.StartTime, TimerKind.Start, 0));
                break;
            case ScheduledRunDue due:
                ClearStartTimer();
                DueRun = due.Due;
                StartTime = due.Next;
                if (due.Next is { } next)
                {
                    Timers.Add(new CampaignTimer(next, TimerKind.Start, 0));
                }

                break;
            case ScheduledRunBegun begun:
                (DueRun, LastRun, LeftOutRun) = (null, begun.Run, string.Empty);
                break;
            case ScheduledRunSkipped skipped:
                (DueRun, LeftOutRun) = (null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"That of {skipped.Due.UtcDateTime:yyyy-MM-dd HH:mm}Z was left out: {skipped.Reason}."));
                break;
            case CampaignStarted started:
                ClearStartTimer();
                Status = CampaignStatus.Running;
                StartTime = started.At;
                StartedBy = started.Actor;
                Assumptions = started.Assumptions;
                break;
            case CampaignForecasted forecasted:
                Forecast = forecasted.Forecast;
                break;
            case EpochAdvanced advanced:
                TakeOver(advanced);
                break;
            case CampaignPaused paused:
                _pauses[paused.Cause] = paused.Automatic;
                Status = CampaignStatus.Paused;
                StatusReason = paused.Reason;
                break;
            case CampaignResumed resumed:
                Resume(resumed);
                break;
            case PhaseWindowChanged changed:
                SetPhase(changed.Phase, changed.IsOpen ? null : changed.Until);
                break;
            case CampaignStopping stopping:
                ClearStartTimer();
                DueRun = null;
                _pauses.Clear();
                Status = CampaignStatus.Stopping;
                TakesBack = stopping.TakesBack;
                StatusReason = stopping.Reason;
                break;
            case CampaignEnded ended:
                _pauses.Clear();
                Status = ended.Status;
                EndTime = ended.At;
                break;
            case CampaignReopened:
                // A person who continues after the end has seen the earlier failures.
                CountFailuresAnew();
                TakesBack = false;
                Status = CampaignStatus.Running;
                StatusReason = string.Empty;
                EndTime = null;
                break;
            case ToleranceBreached:
                // Recorded for the audit; the pause or stop that follows is an event of its own.
                break;
            default:
                throw Unknown(campaignEvent);
        }
    }

    private void Resume(CampaignResumed resumed)
    {
        foreach (var cause in resumed.Causes)
        {
            _pauses.Remove(cause);
            if (cause == PauseCause.Tolerance)
            {
                CountFailuresAnew();
            }
        }

        if (_pauses.Count == 0 && Status == CampaignStatus.Paused)
        {
            Status = CampaignStatus.Running;
            StatusReason = string.Empty;
        }
    }

    /// <summary>When the closed window of a phase opens; null while it is open.</summary>
    internal DateTimeOffset? ClosedUntil(PairPhase phase) => _closedPhases.TryGetValue(phase, out var opens) ? opens : null;

    private void SetPhase(PairPhase phase, DateTimeOffset? closedUntil)
    {
        if (closedUntil is { } opens)
        {
            _closedPhases[phase] = opens;
        }
        else
        {
            _closedPhases.Remove(phase);
        }

        (phase == PairPhase.Sync ? Copies : Switches).IsClosed = closedUntil is not null;
    }

    private void CountFailuresAnew()
    {
        Budget++;
        Failures = 0;
        FailureTimes.Clear();
    }

    private void TakeOver(EpochAdvanced advanced)
    {
        Epoch = advanced.Epoch;

        // Agents had no coordinator to report to while the campaign had no owner: the timeout restarts, and a call whose
        // intent is stored may or may not have been made.
        var deadline = advanced.At + Spec!.Timeouts.Unreachable;
        foreach (var host in _hosts)
        {
            // A claim made under an earlier epoch does not count under this one.
            host.Journal = null;
        }

        foreach (var item in InFlightItems.Select(index => _items[index]))
        {
            // Nothing is sent before the position of the agent's journal is stored.
            item.MayHaveBeenDelivered |= item.Phase == AttemptPhase.Starting && (item.Journal is not null || !item.ClaimsFirst);
            if (item.UnreachableDeadline < deadline)
            {
                SetUnreachableDeadline(item, deadline);
            }

            if (item.Deadline < deadline)
            {
                SetDeadline(item, deadline);
            }
        }
    }

    private void ClearStartTimer()
    {
        if (Status == CampaignStatus.Scheduled && StartTime is { } start)
        {
            Timers.Remove(new CampaignTimer(start, TimerKind.Start, 0));
        }
    }
}
