using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>A person's commands about items.</summary>
internal static class ItemCommands
{
    public static void Cancel(Decision decision, CancelItem command)
    {
        if (Find(decision, command.Item) is not { } item)
        {
            return;
        }

        if (item.Status == ItemStatus.Cancelled)
        {
            return;
        }

        if (item is { CancelRequested: true, IsInFlight: true } and not { Phase: AttemptPhase.Rechecking })
        {
            if (item is { IsPair: false, NextTime: null })
            {
                // The agent may have refused it the first time, or the job has gone since: what the first one could not end, the second one may.
                decision.Do(AgentEffects.Cancel(item));
            }

            return;
        }

        if (item.IsDrill && item.IsInFlight)
        {
            Drills.End(decision, item, command.Actor, command.Reason);
        }
        else if (item.IsPair && item.IsInFlight)
        {
            RejectState(decision, item, "it goes home over two hosts, and is never cancelled half-way; roll it back with 'failback vm rollback', or have a step that does not end cancelled with 'failback vm cancel-step'");
        }
        else if (!item.IsInFlight || item.Phase == AttemptPhase.Checking)
        {
            RejectState(decision, item, item.Status.IsTerminal() ? "it has ended" : "it has no running job; skip it instead");
        }
        else if (!command.ConfirmPossibleDataLoss)
        {
            decision.Reject(
                RejectionCode.ConfirmationRequired,
                $"Cancelling {Name(item)} needs a confirmation: a failback cancelled during data synchronisation can leave disks that must not be booted.");
        }
        else if (item.Phase == AttemptPhase.Rechecking)
        {
            GiveUp(decision, item, command);
        }
        else
        {
            decision.Emit(new ItemCancelRequested(item.Id, command.Actor, command.Reason));
            if (item is { IsFenced: true, MayHaveBeenDelivered: false })
            {
                ItemEndings.Cancel(decision, item, $"Cancelled by {command.Actor} while the agent rejected this coordinator; the call was never delivered.");
            }
            else if (item.NextTime is null)
            {
                decision.Do(AgentEffects.Cancel(item));
            }
        }
    }

    // No operation of an agent is left that could be cancelled, and a machine that shows the same for ever would be read for ever.
    private static void GiveUp(Decision decision, CampaignItem item, CancelItem command)
    {
        var (reason, seen) = (item.FailureReason, item.Explanation);
        if (!item.CancelRequested)
        {
            decision.Emit(new ItemCancelRequested(item.Id, command.Actor, command.Reason));
        }

        var who = command.Reason.Length == 0 ? $"{command.Actor} requested cancellation." : $"{command.Actor} requested cancellation: {command.Reason.TrimEnd('.')}.";
        ItemEndings.MarkUnknown(decision, item, reason, $"{who} No operation is left that could be cancelled, and the machine is not read again: what became of it is not known. {seen}".TrimEnd());
    }

    public static void Skip(Decision decision, SkipItem command)
    {
        if (Find(decision, command.Item) is not { } item || item.Status == ItemStatus.Skipped)
        {
            return;
        }

        if (decision.State.Status.IsTerminal())
        {
            CampaignCommands.RejectState(decision, "Items can be skipped only before its end");
        }
        else if ((item.IsInFlight && item.Phase != AttemptPhase.Checking) || item.Status.IsTerminal())
        {
            RejectState(decision, item, "only items that are not in flight and have not ended can be skipped");
        }
        else
        {
            ItemEndings.Skip(decision, item, command.Actor, command.Reason);
        }
    }

    public static void Resolve(Decision decision, ResolveItem command)
    {
        if (Find(decision, command.Item) is not { } item)
        {
            return;
        }

        if (command.Reason.Length == 0)
        {
            decision.Reject(RejectionCode.ReasonRequired, $"Resolving {Name(item)} needs a reason.");
        }
        else if (item.Status == ItemStatus.UnknownOutcome || (item.Status == ItemStatus.Failed && command.Succeeded))
        {
            decision.Emit(new ItemResolved(item.Id, command.Succeeded, command.Actor, command.Reason));
        }
        else if (item.Status != (command.Succeeded ? ItemStatus.Succeeded : ItemStatus.Failed))
        {
            RejectState(decision, item, command.Succeeded ? "only UNKNOWN_OUTCOME and FAILED items can be resolved as succeeded" : "only UNKNOWN_OUTCOME items can be resolved as failed");
        }
    }

    public static void Recheck(Decision decision, RecheckItem command)
    {
        if (Find(decision, command.Item) is not { } item)
        {
            return;
        }

        if (item.Status != ItemStatus.UnknownOutcome)
        {
            RejectState(decision, item, "only items of UNKNOWN_OUTCOME can be rechecked");
            return;
        }

        if (!item.RecheckRequested)
        {
            decision.Emit(new ItemRecheckRequested(item.Id, command.Actor));
        }

        // Asked again even while a recheck is running: its answer may have been lost.
        decision.Do(AgentEffects.Recheck(item));
    }

    /// <summary>The item with an id; rejects the command when there is none.</summary>
    public static CampaignItem? Find(Decision decision, string id)
    {
        var item = decision.State.FindItem(id);
        if (item is null)
        {
            decision.Reject(RejectionCode.ItemNotFound, $"The campaign has no item '{id}'.");
        }

        return item;
    }

    private static string Name(CampaignItem item) => $"{item.Planned.VirtualMachineName} ({item.Id})";

    /// <summary>Rejects a command because of the item's state.</summary>
    public static void RejectState(Decision decision, CampaignItem item, string rule)
        => decision.Reject(RejectionCode.ItemState, $"{Name(item)} is {StatusNames.Of(item.Status)}: {rule}.");
}
