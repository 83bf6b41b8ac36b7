using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>Handles due timers. Every branch emits an event whose fold removes the timer.</summary>
internal static class Timers
{
    public static void Elapse(Decision decision)
    {
        var state = decision.State;
        while (!state.Status.IsTerminal() && state.Timers.Count > 0 && state.Timers.Min is var timer && timer.Due <= decision.Now)
        {
            switch (timer.Kind)
            {
                case TimerKind.Start when state.Spec!.Schedule is { } schedule:
                    ScheduledRuns.Elapse(decision, schedule);
                    break;
                case TimerKind.Start:
                    decision.Emit(new CampaignStarted(state.StartedBy) { Assumptions = state.Assumptions });
                    break;
                case TimerKind.Soak:
                    decision.Emit(new WaveSoaked(timer.Key));
                    break;
                case TimerKind.Breaker:
                    decision.Emit(new BreakerHalfOpened(state.Hosts[timer.Key].Name));
                    break;
                case TimerKind.SiteBreaker:
                    decision.Emit(new SiteBreakerHalfOpened(state.Sites[timer.Key].Name));
                    break;
                case TimerKind.ItemNext or TimerKind.ItemUnreachable or TimerKind.ItemDeadline:
                    ElapseItem(decision, state.Items[timer.Key]);
                    break;
                default:
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The timer {timer} has no rule."));
            }
        }
    }

    /// <summary>If several timers are overdue, timeouts win over retries.</summary>
    private static void ElapseItem(Decision decision, CampaignItem item)
    {
        if (item.Phase == AttemptPhase.Checking)
        {
            Readiness.TimedOut(decision, item);
        }
        else if (item.UnreachableDeadline <= decision.Now)
        {
            Unreachable(decision, item);
        }
        else if (item.Deadline <= decision.Now && item.Phase != AttemptPhase.Starting)
        {
            // The agent has the operation, or a job is running: it keeps its slot.
            decision.Emit(new ItemOverdue(item.Id, "ITEM_TIMEOUT", $"It did not finish within {Documents.DurationText.Write(item.TimeoutOf(decision.Spec.Timeouts))}; it is still being tracked."));
        }
        else if (item.Deadline <= decision.Now)
        {
            ItemEndings.MarkUnknown(
                decision, item, "ITEM_TIMEOUT", $"It did not finish within {Documents.DurationText.Write(item.TimeoutOf(decision.Spec.Timeouts))}.");
        }
        else
        {
            Next(decision, item);
        }
    }

    private static void Next(Decision decision, CampaignItem item)
    {
        decision.Emit(item.Phase switch
        {
            AttemptPhase.None => new ItemDue(item.Id),
            AttemptPhase.Rechecking => new ItemRecheckRepeated(item.Id),
            _ => new ItemRedelivered(item.Id),
        });
        AgentEffects.Repeat(decision, item);
    }

    private static void Unreachable(Decision decision, CampaignItem item)
    {
        const string Reason = "HOST_UNREACHABLE";
        var explanation = $"The host has been unreachable for {Documents.DurationText.Write(decision.Spec.Timeouts.Unreachable)}.";

        // Another attempt is safe only when every call is known to have failed on the way.
        // A call without an answer (NextTime is null) may still arrive.
        var neverDelivered = item is { Phase: AttemptPhase.Starting, MayHaveBeenDelivered: false, NextTime: not null };
        if (neverDelivered && item.CancelRequested)
        {
            ItemEndings.Cancel(decision, item, "Cancelled before the agent received the call.");
        }
        else if (neverDelivered)
        {
            AttemptReports.RetryOrFail(decision, item, notReady: false, Reason, explanation);
        }
        else
        {
            ItemEndings.MarkUnknown(decision, item, Reason, explanation);
        }
    }
}
