using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>Reports about items that wait for a person's decision and hold no limit meanwhile.</summary>
internal static class HeldItems
{
    public static void Handle(Decision decision, CampaignItem item, ItemReport report)
    {
        switch (report)
        {
            case AttemptRunning or AttemptProgressed:
                decision.Emit(new ItemAnswered(item.Id));
                break;
            case AttemptAsks asks when item.FailureReason != asks.Code:
                decision.Emit(new ItemAsks(item.Id, asks.Code, asks.Explanation, KeepsSlot: false));
                break;
            case AttemptSucceeded succeeded:
                ItemEndings.Succeed(decision, item, succeeded.WithWarnings, succeeded.Explanation);
                break;
            case AttemptFailed failed:
                ItemEndings.Fail(decision, item, failed.FailureReason, failed.Explanation);
                break;
            case AttemptCancelled cancelled:
                ItemEndings.Cancel(decision, item, cancelled.Explanation);
                break;
            default:
                // The same question again.
                break;
        }
    }

    /// <summary>Has every held item of a campaign followed again, after a replay or its end.</summary>
    public static void Repeat(Decision decision)
    {
        foreach (var item in decision.State.HeldItems.Select(index => decision.State.Items[index]).Where(item => !item.IsInFlight))
        {
            decision.Do(AgentEffects.Follow(decision.State, item));
        }
    }
}
