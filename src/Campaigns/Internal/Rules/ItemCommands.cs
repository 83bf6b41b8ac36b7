using HostAgent.Campaigns.Events;
using HostAgent.Campaigns.Inputs;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Rules;

/// <summary>A person's commands about items.</summary>
internal static class ItemCommands
{
    public static void Retry(Decision decision, RetryItems command)
    {
        var state = decision.State;
        if (state.Status is not (CampaignStatus.Running or CampaignStatus.Paused or CampaignStatus.Completed or CampaignStatus.CompletedWithFailures))
        {
            CampaignCommands.RejectState(decision, "Items can be retried while it is RUNNING, PAUSED or COMPLETED");
            return;
        }

        var items = new List<CampaignItem>();
        foreach (var id in command.Items.Count > 0 ? command.Items.Distinct(StringComparer.Ordinal) : Failed(state))
        {
            if (Find(decision, id) is not { } item)
            {
                return;
            }

            if (item.Status is ItemStatus.Failed or ItemStatus.Cancelled or ItemStatus.Skipped)
            {
                items.Add(item);
            }
            else if (item.Status.IsTerminal())
            {
                RejectState(decision, item, item.Status == ItemStatus.UnknownOutcome ? "resolve or recheck it first" : "only FAILED, CANCELLED or SKIPPED items can be retried");
                return;
            }
        }

        if (items.Count > 0 && state.Status.IsTerminal())
        {
            decision.Emit(new CampaignReopened(command.Actor));
        }

        foreach (var item in items)
        {
            Reopen(decision, item.Wave, command);

            decision.Emit(new ItemRetryRequested(item.Id, command.Actor, command.Reason));
        }
    }

    private static void Reopen(Decision decision, CampaignWave wave, RetryItems command)
    {
        if (wave.Status is not (WaveStatus.Done or WaveStatus.AtGate))
        {
            return;
        }

        var wasRejected = wave.RejectedBy is not null && decision.State.IsPausedBy(PauseCause.Gate);
        decision.Emit(new WaveReopened(wave.Index));
        if (wasRejected)
        {
            // What was rejected is no longer what the wave has done; it comes to its gate again and is asked for anew.
            decision.Emit(new CampaignResumed([PauseCause.Gate], command.Actor, command.Reason));
        }
    }

    public static void Cancel(Decision decision, CancelItem command)
    {
        if (Find(decision, command.Item) is not { } item)
        {
            return;
        }

        if (item.Status == ItemStatus.Cancelled || item.CancelRequested && item.IsInFlight)
        {
            return;
        }

        if (!item.IsInFlight || item.Phase == AttemptPhase.Rereading)
        {
            RejectState(decision, item, item.Status.IsTerminal() ? "it has ended" : "it is not in flight; skip it instead");
        }
        else if (!command.ConfirmPossibleDataLoss)
        {
            decision.Reject(
                RejectionCode.ConfirmationRequired,
                $"Cancelling {Name(item)} needs a confirmation: a failback cancelled during data synchronisation can leave disks that must not be booted.");
        }
        else
        {
            decision.Emit(new ItemCancelRequested(item.Id, command.Actor, command.Reason));
            if (item.NextTime is null)
            {
                decision.Do(Calls.Cancel(item));
            }
        }
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
        else if (item.IsInFlight || item.Status.IsTerminal())
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
        else if (item.Status == ItemStatus.UnknownOutcome)
        {
            decision.Emit(new ItemResolved(item.Id, command.Succeeded, command.Actor, command.Reason));
        }
        else if (item.Status != (command.Succeeded ? ItemStatus.Succeeded : ItemStatus.Failed))
        {
            RejectState(decision, item, "only items of UNKNOWN_OUTCOME can be resolved");
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

        // Asked again even when a look is under way: its answer may have been lost.
        decision.Do(Calls.Reread(item));
    }

    private static IEnumerable<string> Failed(CampaignState state)
        => state.Items.Where(item => item.Status == ItemStatus.Failed).Select(item => item.Id);

    private static CampaignItem? Find(Decision decision, string id)
    {
        var item = decision.State.FindItem(id);
        if (item is null)
        {
            decision.Reject(RejectionCode.ItemNotFound, $"The campaign has no item '{id}'.");
        }

        return item;
    }

    private static string Name(CampaignItem item) => $"{item.Planned.VirtualMachineName} ({item.Id})";

    private static void RejectState(Decision decision, CampaignItem item, string rule)
        => decision.Reject(RejectionCode.ItemState, $"{Name(item)} is {Words.Of(item.Status)}: {rule}.");
}
