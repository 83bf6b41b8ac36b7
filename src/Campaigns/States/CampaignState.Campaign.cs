using HostAgent.Campaigns.Messages;

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
                Timers.Add(new CampaignTimer(scheduled.StartTime, TimerKind.Start, 0));
                break;
            case CampaignStarted started:
                ClearStartTimer();
                Status = CampaignStatus.Running;
                StartTime = started.At;
                StartedBy = started.Actor;
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
            case CampaignStopping stopping:
                ClearStartTimer();
                _pauses.Clear();
                Status = CampaignStatus.Stopping;
                StatusReason = stopping.Reason;
                break;
            case CampaignEnded ended:
                _pauses.Clear();
                Status = ended.Status;
                EndTime = ended.At;
                break;
            case CampaignReopened:
                // Whoever goes on after the end has seen the failures before it.
                CountFailuresAnew();
                Status = CampaignStatus.Running;
                StatusReason = string.Empty;
                EndTime = null;
                break;
            case ToleranceBreached:
                // A fact for the audit; the pause or stop that follows is an event of its own.
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

    private void CountFailuresAnew()
    {
        Budget++;
        Failures = 0;
        FailureTimes.Clear();
    }

    private void TakeOver(EpochAdvanced advanced)
    {
        Epoch = advanced.Epoch;

        // The agents had nobody to answer to while the campaign had no owner: the patience starts anew, and a call whose
        // intent is stored may or may not have been made.
        var patience = advanced.At + Spec!.Timeouts.Unreachable;
        foreach (var host in _hosts)
        {
            // What was claimed under a former epoch is not claimed under this one.
            host.Journal = null;
        }

        foreach (var item in InFlightItems.Select(index => _items[index]))
        {
            // Nothing is sent before the state of the agent's journal is stored.
            item.MayHaveBeenDelivered |= item.Phase == AttemptPhase.Starting && (item.Journal is not null || !item.ClaimsFirst);
            if (item.UnreachableDeadline < patience)
            {
                SetUnreachableDeadline(item, patience);
            }

            if (item.Deadline < patience)
            {
                SetDeadline(item, patience);
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
