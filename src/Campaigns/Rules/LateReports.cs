using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// What is still learnt about an item of unknown outcome: a definite end settles it, nothing else does, and nothing initiates it again.
/// </summary>
internal static class LateReports
{
    public static void Handle(Decision decision, CampaignItem item, ItemReport report)
    {
        switch (report)
        {
            case AttemptSucceeded succeeded when !item.IsAtLastStep:
                // What else may have happened to the machine meanwhile is for a person to see: no further step follows by itself.
                decision.Emit(new ItemRechecked(item.Id, $"Step {item.Step + 1} of {item.Planned.StepCount} succeeded after all: {succeeded.Explanation}"));
                break;
            case AttemptSucceeded succeeded:
                ItemEndings.Succeed(decision, item, succeeded.WithWarnings, succeeded.Explanation);
                break;
            case AttemptFailed { Class: RetryClass.JournalLost }:
                // The agent does not know it and cannot tell that it never did: as unknown as before.
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
            case StateRechecked { Verdict: StateVerdict.FailedBack } reread when item.IsAtLastStep:
                ItemEndings.Succeed(decision, item, withWarnings: false, $"Rechecked: {reread.Explanation}");
                break;
            case StateRechecked reread when item.RecheckRequested:
                decision.Emit(new ItemRechecked(item.Id, $"Rechecked: {reread.Explanation}"));
                break;
            default:
                break;
        }
    }
}
