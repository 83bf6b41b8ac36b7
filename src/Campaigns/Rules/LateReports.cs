using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// Late reports about an item of unknown outcome: a definite end settles it, nothing else does, and it is never initiated again.
/// </summary>
internal static class LateReports
{
    public static void Handle(Decision decision, CampaignItem item, ItemReport report)
    {
        switch (report)
        {
            case AttemptSucceeded succeeded when !item.IsAtLastStep:
                // A person must check what else happened to the machine: the next step does not start automatically.
                decision.Emit(new ItemRechecked(item.Id, $"Step {item.Step + 1} of {item.Planned.StepCount} succeeded after all: {succeeded.Explanation}"));
                break;
            case AttemptSucceeded succeeded:
                ItemEndings.Succeed(decision, item, succeeded.WithWarnings, succeeded.Explanation);
                break;
            case AttemptFailed { Class: RetryClass.JournalLost }:
                // The agent does not know the operation and cannot prove that it never did: the outcome stays unknown.
                break;
            case AttemptFailed failed:
                ItemEndings.Fail(decision, item, failed.FailureReason, failed.Explanation);
                break;
            case AttemptCancelled cancelled:
                ItemEndings.Cancel(decision, item, cancelled.Explanation);
                break;
            case OperationNotFound when !item.WasAccepted && !item.IsUnknownUnlessDone:
                ItemEndings.Fail(decision, item, "NOT_STARTED", "The agent did not accept the call; nothing was started.");
                break;
            case StateRechecked { Verdict: StateVerdict.FailedBack } rechecked when item.IsAtLastStep:
                ItemEndings.Succeed(decision, item, withWarnings: false, $"Rechecked: {rechecked.Explanation}");
                break;
            case StateRechecked rechecked when item.RecheckRequested:
                decision.Emit(new ItemRechecked(item.Id, $"Rechecked: {rechecked.Explanation}"));
                break;
            default:
                break;
        }
    }
}
