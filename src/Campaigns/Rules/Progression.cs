using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>What a campaign does on its own after every turn: window, waves, end, and starting items.</summary>
internal static class Progression
{
    private const string Actor = "coordinator";

    public static void Advance(Decision decision, CampaignWindows? windows)
    {
        var state = decision.State;
        if (state.Status is CampaignStatus.Completed or CampaignStatus.CompletedWithFailures)
        {
            // A person's decision about an unknown outcome may have changed the terminal state.
            End(decision, Final(state));
            return;
        }

        if (state.Status is not (CampaignStatus.Running or CampaignStatus.Paused or CampaignStatus.Stopping))
        {
            return;
        }

        Drills.EndAll(decision);
        Observe(decision, windows?.Whole);
        ObservePhases(decision, windows);
        if (state.Fenced == 0 && state.IsPausedBy(PauseCause.Ownership))
        {
            decision.Emit(new CampaignResumed([PauseCause.Ownership], "coordinator", "All agents accept this coordinator again."));
        }

        do
        {
            AdvanceWaves(decision);
        }
        while (state.Counts.Terminal < state.Counts.Total && !(state.Status == CampaignStatus.Stopping && state.InFlight == 0) && StartItems(decision));

        if (state.Counts.Terminal == state.Counts.Total && !WavePrograms.KeepOpen(state))
        {
            End(decision, Final(state));
        }
        else if (state.Status == CampaignStatus.Stopping && state.InFlight == 0 && !WavePrograms.KeepOpen(state))
        {
            End(decision, CampaignStatus.Stopped);
        }
    }

    private static void Observe(Decision decision, WindowSchedule? window)
    {
        var state = decision.State;
        if (window is null || state.Status == CampaignStatus.Stopping)
        {
            return;
        }

        var isOpen = window.IsOpen(decision.Now);
        if (!isOpen && !state.IsPausedBy(PauseCause.Window))
        {
            // A campaign started before its window opens waits for it, whatever onClose says.
            var automatic = window.Spec.OnClose == WindowCloseAction.Drain || state.Waves.All(wave => wave.Status == WaveStatus.Pending);
            var then = automatic ? "It continues when the window opens." : "A person must resume it when the window is open.";
            var opens = window.NextChange(decision.Now) is { } opening
                ? string.Create(CultureInfo.InvariantCulture, $"The window is closed until {opening.UtcDateTime:yyyy-MM-dd HH:mm}Z.")
                : "The window is closed and does not open again.";
            decision.Emit(new CampaignPaused(PauseCause.Window, automatic, "coordinator", $"{opens} {then}"));
        }
        else if (isOpen && state.IsPausedBy(PauseCause.Window) && state.EndsByItself(PauseCause.Window))
        {
            decision.Emit(new CampaignResumed([PauseCause.Window], "coordinator", "The window is open."));
        }
    }

    private static void ObservePhases(Decision decision, CampaignWindows? windows)
    {
        foreach (var (phase, window) in windows?.Phases ?? [])
        {
            var (isOpen, closedUntil) = (window.IsOpen(decision.Now), decision.State.ClosedUntil(phase));

            // The window may have opened and closed while no coordinator was there: the stored time of its next opening is then out of date.
            if (isOpen ? closedUntil is not null : !(closedUntil > decision.Now))
            {
                decision.Emit(new PhaseWindowChanged(phase, isOpen, window.NextChange(decision.Now)));
            }
        }
    }

    private static void AdvanceWaves(Decision decision)
    {
        var state = decision.State;
        while (state.CurrentWave is { } wave)
        {
            var allEnded = wave.Counts.Terminal == wave.Counts.Total;
            switch (wave.Status)
            {
                case WaveStatus.Pending when state.Status == CampaignStatus.Running:
                    decision.Emit(new WaveStarted(wave.Index));
                    break;
                case WaveStatus.Running when allEnded && wave.Before is { Status: ProgramStatus.Running }:
                    return;
                case WaveStatus.Running when allEnded && wave.NeedsAfterProgram:
                    // Also while it is paused: nothing goes down, and what was begun for the wave ends.
                    if (wave.After is not null || state.Status == CampaignStatus.Stopping || state.IsPausedBy(PauseCause.Ownership))
                    {
                        return;
                    }

                    WavePrograms.Begin(decision, wave, WaveMoment.AfterEnd, Actor);
                    break;
                case WaveStatus.Running when allEnded && HasGate(state, wave):
                    decision.Emit(new WaveReachedGate(wave.Index));
                    break;
                case WaveStatus.Running when allEnded:
                case WaveStatus.AtGate when !wave.NeedsApproval && wave.SoakEndTime is null:
                    decision.Emit(new WaveDone(wave.Index));
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>A gate holds back the next wave. The last wave has none, nor does a wave without items or one whose gate was passed.</summary>
    private static bool HasGate(CampaignState state, CampaignWave wave)
        => wave.Spec.Gate is not null && !wave.GatePassed && wave.Counts.Total > 0 && wave.Index < state.Waves.Count - 1;

    /// <summary>Starts every item that may start.</summary>
    /// <returns>Whether an item has ended because of that, so that its wave may have.</returns>
    private static bool StartItems(Decision decision)
    {
        var state = decision.State;
        var ended = false;
        while (state.Status == CampaignStatus.Running && state.Whole.HasRoom && state.Waiting.Next(state.Items) is { } item)
        {
            if (item is { StepKind: StepKind.SwitchOver, Way: 0, Wave.NeedsBeforeProgram: true })
            {
                WavePrograms.Begin(decision, item.Wave, WaveMoment.BeforeOutages, Actor);
                continue;
            }

            var (probesHost, probesSite) = (item.Host.Breaker == BreakerStatus.HalfOpen, item.Host.Site.Breaker == BreakerStatus.HalfOpen);
            if (decision.Spec.Readiness.Required && !item.IsPair && !state.IsKnownReady(item, decision.Now))
            {
                decision.Emit(new ItemChecking(item.Id, probesHost, probesSite));
                decision.Do(AgentEffects.Check(state, item));
                continue;
            }

            if (decision.Gate?.Enter(item.Planned) is { } obstacle)
            {
                Hold(decision, item, obstacle);
                ended |= item.Status.IsTerminal();
                continue;
            }

            var attempt = item.Attempt + 1;
            decision.Emit(new ItemStarting(item.Id, attempt, OperationId.Of(state.Uid, item.Id, attempt, item.Step), probesHost) { IsSiteProbe = probesSite, ClaimsFirst = true });
            decision.Do(AgentEffects.Start(state, item, isFirst: true));
        }

        return ended;
    }

    // Another copy in flight may fail, so this item waits, however long. If the other copy was failed back, this item is skipped.
    private static void Hold(Decision decision, CampaignItem item, MachineObstacle obstacle)
    {
        var held = item.RecheckCount + 1;
        if (obstacle.IsFinal && held >= decision.Spec.Retry.Attempts)
        {
            ItemEndings.SkipForCopy(decision, item, obstacle.Explanation);
            return;
        }

        var next = decision.Now + Backoff.Pause(decision.Spec.Retry, held, OperationId.Of(decision.State.Uid, item.Id, item.Attempt + 1, item.Step));
        decision.Emit(new ItemHeld(item.Id, obstacle.Explanation, next));
    }

    private static CampaignStatus Final(CampaignState state)
        => state.Counts[ItemStatus.Succeeded] + state.Counts[ItemStatus.SucceededWithWarnings] + state.SkippedByPerson == state.Counts.Total
            ? CampaignStatus.Completed
            : CampaignStatus.CompletedWithFailures;

    private static void End(Decision decision, CampaignStatus status)
    {
        if (decision.State.Status != status)
        {
            decision.Emit(new CampaignEnded(status));
            foreach (var index in decision.State.HeldItems)
            {
                decision.Do(new StopFollowing(decision.State.Items[index].Id));
            }

            decision.Do(new Ended(status));
        }
    }
}
