using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.States;

/// <content>What each event does to its item.</content>
public sealed partial class CampaignState
{
    private void ApplyToItem(ItemEvent itemEvent)
    {
        if (!_itemsById.TryGetValue(itemEvent.Item, out var item))
        {
            throw new InvalidOperationException($"The event {itemEvent.GetType().Name} is about the item '{itemEvent.Item}', which the campaign does not have.");
        }

        item.IsTouched = true;
        switch (itemEvent)
        {
            case ItemStarting starting:
                Start(item, starting);
                break;
            case ItemChecking checking:
                Check(item, checking);
                break;
            case ItemHeld held:
                item.RecheckCount++;
                item.Explanation = held.Explanation;
                Move(item, ItemStatus.NotReady);
                SetNext(item, held.NextCheck);
                break;
            case ItemReadinessChecked found:
                TakeReadiness(item, found);
                break;
            case ItemReadinessExpired expired:
                item.Readiness = null;
                if (item.Status is ItemStatus.Ready or ItemStatus.NotReady)
                {
                    Move(item, ItemStatus.Pending);
                    item.Explanation = expired.Explanation;
                }

                break;
            case ItemProgressWentBack wentBack:
                item.Explanation = string.Create(CultureInfo.InvariantCulture, $"The host's progress has gone back from {wentBack.From}% to {wentBack.To}%.");
                break;
            case ItemAccepted:
                Accept(item, AttemptPhase.Accepted, ItemStatus.Queued);
                break;
            case ItemRunning:
                Accept(item, AttemptPhase.Running, ItemStatus.Running);
                break;
            case ItemClaimed claimed:
                item.Journal = claimed.Journal;
                item.Host.Journal = claimed.Journal;
                item.Host.JournalTime = claimed.At;
                break;
            case ItemOverdue overdue:
                item.Explanation = overdue.Explanation;
                item.IsStalled = true;
                if (item.Deadline <= overdue.At)
                {
                    SetDeadline(item, null);
                }

                break;
            case ItemUndelivered undelivered:
                SetFenced(item, undelivered.IsFenced);
                item.FailedDeliveries++;
                item.MayHaveBeenDelivered |= undelivered.MayHaveBeenDelivered;
                item.Host.UnreachableInARow += undelivered.IsFenced ? 0 : 1;
                item.Explanation = undelivered.Explanation;
                SetNext(item, undelivered.NextDelivery);
                break;
            case ItemRedelivered or ItemRecheckRepeated or ItemDue:
                SetNext(item, null);
                break;
            case ItemStepDone done:
                AdvanceStep(item, done);
                break;
            case ItemAsks asks:
                Ask(item, asks);
                break;
            case ItemAnswered:
                // What it made before was no failure.
                item.EarlierStepsAttempts = item.Attempt;
                item.FailureReason = string.Empty;
                item.Explanation = string.Empty;
                Move(item, ItemStatus.Queued);
                break;
            case ItemSucceeded succeeded:
                item.Host.Site.SilentHosts.Clear();
                item.Host.Site.FailingHosts.Clear();
                Succeed(item, succeeded.WithWarnings ? ItemStatus.SucceededWithWarnings : ItemStatus.Succeeded, succeeded.Explanation, succeeded.At);
                break;
            case ItemRechecking rereading:
                Recheck(item, rereading);
                break;
            case ItemRecheckPostponed postponed:
                item.RecheckCount++;
                item.Explanation = postponed.Explanation;
                SetNext(item, postponed.NextLook);
                break;
            case ItemRetryScheduled scheduled:
                LeaveFlight(item, scheduled.NotReady ? ItemStatus.NotReady : ItemStatus.Queued, scheduled.Explanation);
                item.FailureReason = scheduled.Reason;
                SetNext(item, scheduled.NextAttempt);
                break;
            case ItemFailed failed:
                Fail(item, ItemStatus.Failed, failed.Reason, failed.Explanation, failed.At);
                break;
            case ItemOutcomeUnknown unknown:
                Fail(item, ItemStatus.UnknownOutcome, unknown.Reason, unknown.Explanation, unknown.At);
                item.IsUnsettled = true;
                item.Host.UnsettledItems.Add(item.Index);
                break;
            case ItemCancelRequested requested:
                item.CancelRequested = true;
                item.Explanation = requested.Reason.Length == 0
                    ? $"{requested.Actor} requested cancellation."
                    : $"{requested.Actor} requested cancellation: {requested.Reason}";
                break;
            case ItemCancelled cancelled:
                End(item, ItemStatus.Cancelled, cancelled.Explanation, cancelled.At);
                RefundFailure(item);
                break;
            case ItemSkipped skipped:
                item.SkippedByPerson = skipped.Actor is not null;
                SkippedByPerson += item.SkippedByPerson ? 1 : 0;
                End(item, ItemStatus.Skipped, skipped.Explanation, skipped.At);
                break;
            case ItemResolved resolved:
                Resolve(item, resolved);
                break;
            case ItemRecheckRequested:
                item.RecheckRequested = true;
                break;
            case ItemRechecked rechecked:
                item.RecheckRequested = false;
                item.Explanation = rechecked.Explanation;
                break;
            case ItemRetryRequested requested:
                Retry(item, requested);
                break;
            default:
                throw Unknown(itemEvent);
        }

        CountInSets(item);
        Waiting.Refresh(item);
    }

    private void Start(CampaignItem item, ItemStarting starting)
    {
        item.Attempt = starting.Attempt;
        item.OperationId = starting.OperationId;
        item.StartTime = starting.At;
        item.Explanation = string.Empty;
        item.FailureReason = string.Empty;
        item.FailedDeliveries = 0;
        item.MayHaveBeenDelivered = false;
        item.WasAccepted = false;
        item.ClaimsFirst = starting.ClaimsFirst;
        item.Journal = starting.At - item.Host.JournalTime < JournalLifetime ? item.Host.Journal : null;
        item.IsUnknownUnlessDone = false;
        item.RecheckCount = 0;
        item.Readiness = null;
        item.FailedChecks = 0;
        SetProbe(item, starting.IsProbe, starting.IsSiteProbe);
        Move(item, ItemStatus.Starting);
        Enter(item, AttemptPhase.Starting);
        SetDeadline(item, starting.At + item.TimeoutOf(Spec!.Timeouts));
        SetUnreachableDeadline(item, item is { Host.IsLost: true, IsPair: false } ? starting.At + Spec.Timeouts.Unreachable : null);
    }

    /// <summary>How long one claim covers first calls: a copy of the journal made in that time could not be detected.</summary>
    private static readonly TimeSpan JournalLifetime = TimeSpan.FromSeconds(10);

    /// <summary>Updates how many members the item's sets lack. When a set becomes complete, or incomplete again, its members may start or must wait.</summary>
    private void CountInSets(CampaignItem item)
    {
        for (var way = 0; item.Sets is not null && way < item.Ways; way++)
        {
            if (item.LetsSetsGo(way) != item.IsCountedInSets(way))
            {
                CountInSets(item, item.Sets, way);
            }
        }
    }

    private void CountInSets(CampaignItem item, List<TogetherSet> sets, int way)
    {
        item.CountedWays ^= 1 << way;
        foreach (var set in sets)
        {
            var was = set.Count(way, item.IsCountedInSets(way) ? -1 : 1);
            if (was == 0 || set.MissingOn(way) == 0)
            {
                foreach (var member in set.Planned.Items)
                {
                    Waiting.Refresh(_items[member]);
                }
            }
        }
    }

    private void SetFenced(CampaignItem item, bool isFenced)
    {
        Fenced += (isFenced ? 1 : 0) - (item.IsFenced ? 1 : 0);
        item.IsFenced = isFenced;
    }

    private static void SetProbe(CampaignItem item, bool ofHost, bool ofSite)
    {
        item.Host.Circuit.Probe = ofHost ? item.Index : item.Host.Circuit.Probe;
        item.Host.Site.Circuit.Probe = ofSite ? item.Index : item.Host.Site.Circuit.Probe;
    }

    private void Check(CampaignItem item, ItemChecking checking)
    {
        item.Explanation = "Checking readiness.";
        item.Readiness = null;
        SetProbe(item, checking.IsProbe, checking.IsSiteProbe);
        Move(item, ItemStatus.Queued);
        Enter(item, AttemptPhase.Checking);
        SetDeadline(item, checking.At + Spec!.Timeouts.Unreachable);
        SetUnreachableDeadline(item, item.Host.IsLost ? checking.At + Spec.Timeouts.Unreachable : null);
    }

    private void TakeReadiness(CampaignItem item, ItemReadinessChecked found)
    {
        item.Readiness = new ItemReadiness(found.Ready, found.Reasons, found.ReplicationState, found.At);
        var (status, explanation) = found.Ready ? (ItemStatus.Ready, string.Empty) : (ItemStatus.NotReady, string.Join(" ", found.Reasons));
        if (item.Phase == AttemptPhase.Checking)
        {
            item.FailedChecks = found.Ready ? 0 : item.FailedChecks + 1;
            LeaveFlight(item, status, explanation);
            SetNext(item, found.NextCheck);
        }
        else if (item.Status is ItemStatus.Pending or ItemStatus.Ready or ItemStatus.NotReady)
        {
            Move(item, status);
            item.Explanation = explanation;
        }
    }

    private void Accept(CampaignItem item, AttemptPhase phase, ItemStatus status)
    {
        item.WasAccepted = true;
        item.IsStalled = false;
        SetFenced(item, false);
        item.Explanation = string.Empty;
        item.Host.UnreachableInARow = 0;
        item.Host.Site.SilentHosts.Clear();
        Enter(item, phase);
        Move(item, status);
        SetNext(item, null);
    }

    private void Recheck(CampaignItem item, ItemRechecking rereading)
    {
        item.FailsUnlessDone = rereading.FailsUnlessDone;
        item.IsUnknownUnlessDone = rereading.IsUnknownUnlessDone;
        SetFenced(item, false);
        item.FailureReason = rereading.Reason;
        item.Explanation = rereading.Explanation;
        item.RecheckCount = 0;
        Enter(item, AttemptPhase.Rechecking);
        Move(item, ItemStatus.Queued);
        SetNext(item, null);
    }

    private void AdvanceStep(CampaignItem item, ItemStepDone done)
    {
        // Everything counted on the previous step's host ends before the item moves to the next step's host.
        item.Host.Site.SilentHosts.Clear();
        item.Host.Site.FailingHosts.Clear();
        if (item is { StepKind: StepKind.Synchronize, Way: 0, StartTime: { } start } && done.At > start)
        {
            item.CopyTime = done.At - start;
        }

        LeaveFlight(item, item.StepKind == StepKind.Synchronize ? ItemStatus.Synced : ItemStatus.Queued, done.Explanation);
        item.FailureReason = string.Empty;
        item.Readiness = null;
        item.EarlierStepsAttempts = item.Attempt;
        item.Step = checked((byte)(done.Step + 1));
        SetNext(item, done.NextTime);
    }

    private void Ask(CampaignItem item, ItemAsks asks)
    {
        if (asks.KeepsSlot)
        {
            Move(item, ItemStatus.Held);
            item.Explanation = asks.Explanation;
            SetDeadline(item, null);
        }
        else
        {
            LeaveFlight(item, ItemStatus.Held, asks.Explanation);
        }

        item.FailureReason = asks.Code;
    }

    private void Succeed(CampaignItem item, ItemStatus status, string explanation, DateTimeOffset at)
    {
        End(item, status, explanation, at);
        RefundFailure(item);
        item.FailureReason = string.Empty;
        if (item.Wave.Spec.Ramp is { } ramp && ++item.Wave.RampSuccesses >= item.Wave.RampBound)
        {
            item.Wave.RampSuccesses = 0;
            item.Wave.RampBound = (int)Math.Min(1_000_000, Math.Ceiling(item.Wave.RampBound * ramp.Factor));
        }

        foreach (var dependency in item.AwaitedBy.Select(position => Dependencies[position]))
        {
            if (--dependency.Open == 0)
            {
                foreach (var waiting in dependency.Waiting.Select(index => _items[index]))
                {
                    waiting.OpenDependencies--;
                    Waiting.Refresh(waiting);
                }
            }
        }
    }

    private void Fail(CampaignItem item, ItemStatus status, string reason, string explanation, DateTimeOffset at)
    {
        // An item of unknown outcome has been counted already.
        var counts = item.Status != ItemStatus.UnknownOutcome;
        End(item, status, explanation, at);
        item.FailureReason = reason;
        if (!counts)
        {
            return;
        }

        Failures++;
        item.CountedInBudget = Budget;
        item.Host.Failures++;
        item.CountedInHostBudget = item.Host.Budget;
        if (Spec!.Tolerance.Window is { } window)
        {
            while (FailureTimes.TryPeek(out var oldest) && oldest < at - window.In)
            {
                FailureTimes.Dequeue();
            }

            FailureTimes.Enqueue(at);
        }
    }

    /// <summary>Removes an item that turned out not to have failed, or is retried, from the budgets that still count it.</summary>
    private void RefundFailure(CampaignItem item)
    {
        Failures -= item.CountedInBudget == Budget ? 1 : 0;
        item.Host.Failures -= item.CountedInHostBudget == item.Host.Budget ? 1 : 0;
        item.CountedInBudget = 0;
        item.CountedInHostBudget = 0;
    }

    private void Resolve(CampaignItem item, ItemResolved resolved)
    {
        var explanation = $"Resolved by {resolved.Actor}: {resolved.Reason}";
        if (resolved.Succeeded)
        {
            Succeed(item, ItemStatus.Succeeded, explanation, resolved.At);
        }
        else
        {
            End(item, ItemStatus.Failed, explanation, resolved.At);
        }
    }

    private void Retry(CampaignItem item, ItemRetryRequested requested)
    {
        RefundFailure(item);
        SkippedByPerson -= item.SkippedByPerson ? 1 : 0;
        item.SkippedByPerson = false;
        item.CancelRequested = false;
        item.DependenciesLifted |= !requested.KeepsDependencies;
        item.FormerAttempts = item.Attempt;
        item.FailedChecks = 0;
        item.EndTime = null;
        item.Explanation = $"{requested.Actor} requested a new attempt.";
        Move(item, ItemStatus.Queued);
    }

    private void End(CampaignItem item, ItemStatus status, string explanation, DateTimeOffset at)
    {
        LeaveFlight(item, status, explanation);
        item.EndTime = at;
        item.RecheckRequested = false;
        item.IsUnsettled = false;
        item.Host.UnsettledItems.Remove(item.Index);
    }
}
