using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>The ends of an item and their consequences: dependants, tolerance, breaker.</summary>
internal static class ItemEndings
{
    /// <summary>The operation of the item's step has succeeded: the next step is due, or the item has succeeded.</summary>
    public static void Succeed(Decision decision, CampaignItem item, bool withWarnings, string explanation)
    {
        var (probes, host) = (Probes.Of(item), item.Host);
        decision.Emit(item.IsAtLastStep
            ? new ItemSucceeded(item.Id, withWarnings, explanation)
            : StepDone(decision, item, explanation));
        Breakers.AfterSuccess(decision, host, probes);
        if (item.Status.IsTerminal() || item.DependenciesLifted)
        {
            return;
        }

        // It was in flight when the other item ended.
        if (!item.DependenciesHold && Unmet(decision.State, item) is { } cause)
        {
            SkipBecause(decision, item, cause);
            SkipDependants(decision, item);
        }
        else if (item is { StepKind: StepKind.SwitchOver, IsOnWayBack: false } && item.Sets?.SelectMany(set => set.Planned.Items).Select(index => decision.State.Items[index]).FirstOrDefault(member => member.KeepsSetsBack) is { } missing)
        {
            SkipFromSet(decision, item, missing);
            SkipDependants(decision, item);
        }
    }

    private static ItemStepDone StepDone(Decision decision, CampaignItem item, string explanation)
    {
        if (item.StepKind != StepKind.SwitchOver || decision.Spec.PlannedDrill is not { Soak: var soak } || soak == TimeSpan.Zero)
        {
            return new ItemStepDone(item.Id, item.Step, explanation);
        }

        var end = decision.Now + soak;
        return new ItemStepDone(item.Id, item.Step, string.Create(CultureInfo.InvariantCulture, $"{explanation} It is left running there until {end.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.")) { NextTime = end };
    }

    private static void SkipFromSet(Decision decision, CampaignItem item, CampaignItem cause)
    {
        StopFollowing(decision, item);
        decision.Emit(new ItemSkipped(item.Id, null, cause.Id, $"It goes down together with {cause.Planned.VirtualMachineName} ({cause.Id}), which ended {StatusNames.Of(cause.Status)}."));
    }

    private static CampaignItem? Unmet(CampaignState state, CampaignItem item)
        => item.Planned.Dependencies.Select(position => state.Dependencies[position]).FirstOrDefault(dependency => dependency.Unmet > 0) is { } unmet
            ? unmet.Planned.After.Select(index => state.Items[index]).First(other => other.Status.IsTerminal() && !other.Status.IsSuccess())
            : null;

    private static void SkipBecause(Decision decision, CampaignItem item, CampaignItem cause)
    {
        StopFollowing(decision, item);
        decision.Emit(new ItemSkipped(item.Id, null, cause.Id, $"It waits for {cause.Planned.VirtualMachineName} ({cause.Id}), which ended {StatusNames.Of(cause.Status)}."));
    }

    private static void StopFollowing(Decision decision, CampaignItem item)
    {
        if (item.Status == ItemStatus.Held)
        {
            decision.Do(new StopFollowing(item.Id));
        }
    }

    public static void Fail(Decision decision, CampaignItem item, string reason, string explanation)
    {
        var (probes, wasUnknown) = (Probes.Of(item), item.Status == ItemStatus.UnknownOutcome);
        decision.Emit(new ItemFailed(item.Id, reason, explanation));
        if (!wasUnknown)
        {
            AfterFailure(decision, item, probes);
        }
    }

    public static void MarkUnknown(Decision decision, CampaignItem item, string reason, string explanation)
    {
        var probes = Probes.Of(item);
        decision.Emit(new ItemOutcomeUnknown(item.Id, reason, explanation));
        AfterFailure(decision, item, probes);
    }

    public static void Cancel(Decision decision, CampaignItem item, string explanation)
    {
        decision.Emit(new ItemCancelled(item.Id, explanation));
        SkipDependants(decision, item);
    }

    public static void Skip(Decision decision, CampaignItem item, string actor, string reason)
    {
        StopFollowing(decision, item);
        decision.Emit(new ItemSkipped(item.Id, actor, null, reason.Length == 0 ? $"Skipped by {actor}." : $"Skipped by {actor}: {reason}"));
        SkipDependants(decision, item);
    }

    /// <summary>Skips an item whose machine was failed back from another host.</summary>
    public static void SkipForCopy(Decision decision, CampaignItem item, string explanation)
    {
        decision.Emit(new ItemSkipped(item.Id, null, null, explanation));
        SkipDependants(decision, item);
    }

    /// <summary>Schedules a retry. The failed attempt also counts against the host.</summary>
    public static void RetryLater(Decision decision, CampaignItem item, bool notReady, string reason, string explanation)
    {
        var probes = Probes.Of(item);
        var next = decision.Now + Backoff.Pause(decision.Spec.Retry, item.CountedAttempts, item.OperationId!.Value);
        decision.Emit(new ItemRetryScheduled(item.Id, next, notReady, reason, explanation));
        if (probes.Any && !notReady)
        {
            Breakers.AfterFailure(decision, item.Host, probes);
        }
    }

    private static void AfterFailure(Decision decision, CampaignItem item, Probes probes)
    {
        Breakers.AfterFailure(decision, item.Host, probes);
        Tolerance.AfterFailure(decision);
        SkipDependants(decision, item);
    }

    /// <summary>Rule 4. A chain of dependencies can be as long as the campaign, so no recursion.</summary>
    private static void SkipDependants(Decision decision, CampaignItem ended)
    {
        var state = decision.State;
        var unmet = new Stack<CampaignItem>([ended]);
        while (unmet.TryPop(out var cause))
        {
            foreach (var position in cause.AwaitedBy)
            {
                foreach (var index in state.Dependencies[position].Waiting)
                {
                    var item = state.Items[index];
                    if (item.Status.IsTerminal() || item.IsInFlight || item.DependenciesHold)
                    {
                        continue;
                    }

                    SkipBecause(decision, item, cause);
                    unmet.Push(item);
                }
            }

            // Those that are still brought in step are: that is no loss, and a retry may let them go together after all.
            foreach (var item in (cause.KeepsSetsBack ? cause.Sets ?? [] : []).SelectMany(set => set.Planned.Items).Select(index => state.Items[index]))
            {
                if (item is { StepKind: StepKind.SwitchOver, IsInFlight: false, DependenciesLifted: false, IsOnWayBack: false } && !item.Status.IsTerminal())
                {
                    SkipFromSet(decision, item, cause);
                    unmet.Push(item);
                }
            }
        }
    }
}
