using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// New attempts requested by a person: at named items, or at everything that failed and everything skipped because of that.
/// An item waits for dependencies that are retried with it. Dependencies that have ended for good are overridden only for named items.
/// </summary>
internal static class RetryCommand
{
    public static void Handle(Decision decision, RetryItems command)
    {
        var state = decision.State;
        if (state.Spec!.Schedule is not null)
        {
            CampaignCommands.RejectState(decision, "It has a schedule and runs no machine itself: retry its runs, or create it again");
            return;
        }

        if (state.Status is not (CampaignStatus.Running or CampaignStatus.Paused) && !state.Status.IsTerminal())
        {
            CampaignCommands.RejectState(decision, "Items can be retried while it is RUNNING or PAUSED, or after its end");
            return;
        }

        if (state.Status == CampaignStatus.Stopped && command.Items.Count > 0)
        {
            CampaignCommands.RejectState(
                decision, $"Its {state.Counts.Total - state.Counts.Terminal} unfinished items would continue too: retry it as a whole, without naming items");
            return;
        }

        if (command.Items.Count == 0)
        {
            Retry(decision, command, Failed(state));
            if (!state.Status.IsTerminal())
            {
                WavePrograms.Retry(decision, command.Actor);
            }
        }
        else if (Named(decision, command) is { } items)
        {
            Retry(decision, command, items);
        }
    }

    /// <summary>The named items that have ended; null when the command is rejected. Items whose retry has not started yet are left out.</summary>
    private static List<CampaignItem>? Named(Decision decision, RetryItems command)
    {
        var items = new List<CampaignItem>();
        foreach (var id in command.Items.Distinct(StringComparer.Ordinal))
        {
            if (ItemCommands.Find(decision, id) is not { } item)
            {
                return null;
            }

            if (item.Status is ItemStatus.Failed or ItemStatus.Cancelled or ItemStatus.Skipped)
            {
                items.Add(item);
            }
            else if (item.Status.IsTerminal())
            {
                ItemCommands.RejectState(
                    decision, item, item.Status == ItemStatus.UnknownOutcome ? "resolve or recheck it first" : "only FAILED, CANCELLED or SKIPPED items can be retried");
                return null;
            }
            else if (!item.AwaitsRetry)
            {
                ItemCommands.RejectState(decision, item, "it has not ended; only FAILED, CANCELLED or SKIPPED items can be retried");
                return null;
            }
        }

        return items;
    }

    /// <summary>Every failed item, and those skipped only because of such items.</summary>
    private static List<CampaignItem> Failed(CampaignState state)
    {
        var items = state.Items.Where(item => item.Status == ItemStatus.Failed).ToList();
        var left = new Dictionary<int, int>();
        var known = items.Select(item => item.Index).ToHashSet();
        for (var next = 0; next < items.Count; next++)
        {
            items.AddRange((items[next].Sets ?? []).SelectMany(set => set.Planned.Items).Where(known.Add).Select(index => state.Items[index])
                .Where(item => item is { Status: ItemStatus.Skipped, SkippedByPerson: false, StepKind: Planning.StepKind.SwitchOver }));
            foreach (var position in items[next].AwaitedBy)
            {
                var dependency = state.Dependencies[position];
                left[position] = left.GetValueOrDefault(position, dependency.Unmet) - 1;
                if (left[position] == 0)
                {
                    items.AddRange(dependency.Waiting.Where(known.Add).Select(index => state.Items[index]).Where(item =>
                        item is { Status: ItemStatus.Skipped, SkippedByPerson: false } && item.Planned.Dependencies.All(other => Left(state, left, other) == 0)));
                }
            }
        }

        return items;
    }

    private static void Retry(Decision decision, RetryItems command, List<CampaignItem> items)
    {
        var state = decision.State;
        if (state.Status == CampaignStatus.Stopped || (items.Count > 0 && state.Status.IsTerminal()))
        {
            decision.Emit(new CampaignReopened(command.Actor));
            HeldItems.Repeat(decision);
        }

        var left = new Dictionary<int, int>();
        foreach (var position in items.SelectMany(item => item.AwaitedBy))
        {
            left[position] = left.GetValueOrDefault(position, state.Dependencies[position].Unmet) - 1;
        }

        var retried = items.Select(item => item.Index).ToHashSet();
        var keeps = items.ConvertAll(item => item.Planned.Dependencies.All(position => Left(state, left, position) == 0)
            && item.Sets?.SelectMany(set => set.Planned.Items).All(member => retried.Contains(member) || !state.Items[member].KeepsSetsBack) != false);
        for (var index = 0; index < items.Count; index++)
        {
            Reopen(decision, items[index].Wave, command);
            decision.Emit(new ItemRetryRequested(items[index].Id, command.Actor, command.Reason) { KeepsDependencies = keeps[index] });
        }
    }

    /// <summary>How many items of a dependency have ended for good without success.</summary>
    private static int Left(CampaignState state, Dictionary<int, int> left, int position)
        => left.GetValueOrDefault(position, state.Dependencies[position].Unmet);

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
            // The rejection no longer applies to the wave's results; the wave reaches its gate again and needs a new answer.
            decision.Emit(new CampaignResumed([PauseCause.Gate], command.Actor, command.Reason));
        }
    }
}
