using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// An agent rejects this coordinator: no item starts until that is over, the call is retried with the pauses of the retry
/// policy, and the campaign can be stopped meanwhile.
/// </summary>
internal static class Ownership
{
    public const string Reason = "COORDINATOR_REFUSED";

    public static void Fenced(Decision decision, CampaignItem item, AttemptFenced fenced)
    {
        var state = decision.State;
        var next = decision.Now + Backoff.Pause(decision.Spec.Retry, item.FailedDeliveries + 1, item.OperationId!.Value);
        decision.Emit(new ItemUndelivered(item.Id, next, MayHaveBeenDelivered: false, fenced.Explanation) { IsFenced = true });
        if (state.Status == CampaignStatus.Stopping)
        {
            Release(decision, item);
            return;
        }

        if (!state.IsPausedBy(PauseCause.Ownership))
        {
            decision.Emit(new CampaignPaused(
                PauseCause.Ownership, Automatic: true, "coordinator", $"Host {item.Host.Name} rejects this coordinator: {fenced.Explanation} The call is retried; stop the campaign to give up."));
        }

        if (fenced.IsBehind && fenced.Epoch == state.Epoch)
        {
            // The next call has a higher epoch. Where that changes nothing it stays as it is: agents obey none that is far above the last they have seen.
            decision.Emit(new EpochAdvanced(state.Epoch + 1));
        }
    }

    /// <summary>Gives up an item whose agent rejects this coordinator: the campaign is being stopped, and no answer can be expected.</summary>
    public static void Release(Decision decision, CampaignItem item)
    {
        if (item.MayHaveBeenDelivered)
        {
            ItemEndings.MarkUnknown(decision, item, Reason, $"The campaign was stopped while the agent rejected this coordinator; the call may have been delivered earlier: {item.Explanation}");
        }
        else
        {
            ItemEndings.Cancel(decision, item, $"The campaign was stopped while the agent rejected this coordinator; the call was never delivered: {item.Explanation}");
        }
    }
}
