using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>Reports from an agent about an attempt in flight. Implements rule 7.</summary>
internal static class AttemptReports
{
    public static void Handle(Decision decision, CampaignItem item, ItemReport report)
    {
        switch (report)
        {
            case AttemptQueued when item.Phase == AttemptPhase.Starting:
                decision.Emit(new ItemAccepted(item.Id));
                Breakers.AfterAcceptance(decision, item);
                break;
            case AttemptClaimed claimed when item.Phase == AttemptPhase.Starting:
                decision.Emit(new ItemClaimed(item.Id, claimed.Journal));
                break;
            case AttemptFenced fenced when item.Phase == AttemptPhase.Starting && item.NextTime is null:
                Ownership.Fenced(decision, item, fenced);
                break;
            case AttemptRunning or AttemptProgressed when item.Phase is AttemptPhase.Starting or AttemptPhase.Accepted
                || item is { Phase: AttemptPhase.Running, IsStalled: true } or { Phase: AttemptPhase.Running, Status: ItemStatus.Held }:
                decision.Emit(new ItemRunning(item.Id));
                Breakers.AfterAcceptance(decision, item);
                break;
            case AttemptAsks asks when item.Status != ItemStatus.Held || item.FailureReason != asks.Code:
                decision.Emit(new ItemAsks(item.Id, asks.Code, asks.Explanation, asks.ServiceIsDown));
                break;
            case AttemptSucceeded succeeded:
                ItemEndings.Succeed(decision, item, succeeded.WithWarnings, succeeded.Explanation);
                break;
            case AttemptFailed failed when item.Phase != AttemptPhase.Rechecking:
                Failed(decision, item, failed);
                break;
            case AttemptCancelled cancelled:
                ItemEndings.Cancel(decision, item, cancelled.Explanation);
                break;
            case AttemptOutcomeUnknown unknown:
                ItemEndings.MarkUnknown(decision, item, "OUTCOME_UNKNOWN", unknown.Explanation);
                break;
            case AttemptUndelivered undelivered:
                Undelivered(decision, item, undelivered);
                break;
            case OperationNotFound when item.Phase != AttemptPhase.Rechecking:
                NotFound(decision, item);
                break;
            case StateRechecked rechecked when item.Phase == AttemptPhase.Rechecking:
                Recheck(decision, item, rechecked);
                break;
            default:
                // A repetition, or a report overtaken by a later one.
                break;
        }
    }

    private static void Failed(Decision decision, CampaignItem item, AttemptFailed failed)
    {
        switch (failed.Class)
        {
            case RetryClass.JournalLost:
                decision.Emit(new ItemRechecking(item.Id, FailsUnlessDone: false, failed.FailureReason, failed.Explanation) { IsUnknownUnlessDone = true });
                decision.Do(AgentEffects.Recheck(item));
                break;
            case var _ when item.CancelRequested:
                ItemEndings.Fail(decision, item, failed.FailureReason, failed.Explanation);
                break;
            case RetryClass.RereadState or RetryClass.InvalidState:
                decision.Emit(new ItemRechecking(item.Id, failed.Class == RetryClass.InvalidState, failed.FailureReason, failed.Explanation));
                decision.Do(AgentEffects.Recheck(item));
                break;
            case RetryClass.BackOff:
            case RetryClass.NotReady:
            case RetryClass.FailedJob when decision.Spec.Retry.FailedJobs:
                RetryOrFail(decision, item, failed.Class == RetryClass.NotReady, failed.FailureReason, failed.Explanation);
                break;
            default:
                ItemEndings.Fail(decision, item, failed.FailureReason, failed.Explanation);
                break;
        }
    }

    public static void RetryOrFail(Decision decision, CampaignItem item, bool notReady, string reason, string explanation)
    {
        var attempts = item.CountedAttempts;
        if (attempts < decision.Spec.Retry.Attempts && !item.CancelRequested)
        {
            ItemEndings.RetryLater(decision, item, notReady, reason, explanation);
        }
        else
        {
            ItemEndings.Fail(decision, item, reason, $"{explanation} That was attempt {attempts} of {decision.Spec.Retry.Attempts}.");
        }
    }

    private static void Undelivered(Decision decision, CampaignItem item, AttemptUndelivered undelivered)
    {
        HostReports.Lost(decision, item.Host, undelivered.Explanation);
        var probes = Probes.Of(item);
        switch (item.Phase)
        {
            case AttemptPhase.Starting when item.NextTime is null:
                var next = decision.Now + Backoff.Pause(decision.Spec.Retry, item.FailedDeliveries + 1, item.OperationId!.Value);
                decision.Emit(new ItemUndelivered(item.Id, next, undelivered.MayHaveBeenDelivered, undelivered.Explanation));
                Breakers.AfterFailedCall(decision, item.Host, probes);
                break;
            case AttemptPhase.Rechecking when item.NextTime is null:
                Postpone(decision, item, undelivered.Explanation);
                break;
            default:
                // The watch of an accepted operation was cut; it reopens when the host is back.
                break;
        }
    }

    private static void NotFound(Decision decision, CampaignItem item)
    {
        if (item.Phase != AttemptPhase.Starting)
        {
            const string Lost = "The agent lost the operation that it had accepted.";
            decision.Emit(new ItemRechecking(item.Id, FailsUnlessDone: true, "OPERATION_LOST", Lost));
            decision.Do(AgentEffects.Recheck(item));
        }
        else if (item.CancelRequested)
        {
            ItemEndings.Cancel(decision, item, "Cancelled before the agent received the call.");
        }
        else if (item.NextTime is null)
        {
            decision.Do(AgentEffects.Start(decision.State, item));
        }
    }

    private static void Recheck(Decision decision, CampaignItem item, StateRechecked rechecked)
    {
        var reason = item.FailureReason;
        switch (rechecked.Verdict)
        {
            case StateVerdict.FailedBack:
                ItemEndings.Succeed(decision, item, withWarnings: false, $"Already done: {rechecked.Explanation}");
                break;
            case StateVerdict.InProgress:
                // The job may be ours: it counts against the limits until it has ended.
                Postpone(decision, item, rechecked.Explanation);
                break;
            case StateVerdict.NotStarted or StateVerdict.Undecided when item.IsUnknownUnlessDone:
                ItemEndings.MarkUnknown(decision, item, reason, $"{item.Explanation} {rechecked.Explanation}".Trim());
                break;
            case StateVerdict.NotStarted when !item.FailsUnlessDone:
                RetryOrFail(decision, item, notReady: false, reason, rechecked.Explanation);
                break;
            case StateVerdict.Undecided when !item.FailsUnlessDone:
                ItemEndings.MarkUnknown(decision, item, reason, rechecked.Explanation);
                break;
            default:
                ItemEndings.Fail(decision, item, reason, $"{item.Explanation} {rechecked.Explanation}".Trim());
                break;
        }
    }

    private static void Postpone(Decision decision, CampaignItem item, string explanation)
        => decision.Emit(new ItemRecheckPostponed(
            item.Id, decision.Now + Backoff.Pause(decision.Spec.Retry, item.RecheckCount + 1, item.OperationId!.Value), explanation));
}
