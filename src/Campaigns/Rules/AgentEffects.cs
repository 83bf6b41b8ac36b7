using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>Builds the effects that call an agent from the state.</summary>
internal static class AgentEffects
{
    /// <summary>Requests the operation of the item's step.</summary>
    /// <param name="state">The campaign.</param>
    /// <param name="item">The item.</param>
    /// <param name="isFirst">Only right after the intent: any later call may be a repetition.</param>
    public static StartOperation Start(CampaignState state, CampaignItem item, bool isFirst = false)
        => new(
            item.Id,
            item.Attempt,
            item.StepKind,
            item.Host.Name,
            item.Planned.VirtualMachineId,
            item.OperationId!.Value,
            state.Epoch,
            state.Spec!.RecoveryPoint,
            state.Spec.ReplicationSettings,
            state.Spec.Readiness.Ignore)
        {
            Journal = item.Journal,
            IsRepetition = !isFirst && (item.Journal is not null || !item.ClaimsFirst),
            Pair = item is { IsPair: true, IsDrill: false } ? PairOf(state, item) : null,
            Drill = item.IsDrill ? Drills.OperationOf(state, item) : null,
        };

    public static FollowPair Follow(CampaignState state, CampaignItem item) => new(Start(state, item));

    private static PairOperation PairOf(CampaignState state, CampaignItem item) => new(
        item.Planned.VirtualMachineName,
        item.Planned.StepAt(2 * item.Way).Host,
        item.Planned.StepAt((2 * item.Way) + 1).Host,
        OfWave(state.Spec!.HostToHost ?? new Spec.HostToHostSpec(), item.Wave),
        item.OutageApprovedBy ?? string.Empty)
    {
        // On its way home a machine goes on: going back would leave it where it must not stay.
        GoesBack = state.TakesBack && item is { StepKind: Planning.StepKind.SwitchOver, IsOnWayBack: false },
        Drill = state.Spec.PlannedDrill is { } drill ? new PairDrill(item.IsOnWayBack, state.StartedBy, drill.ProofValidFor) : null,
    };

    private static Spec.HostToHostSpec OfWave(Spec.HostToHostSpec spec, CampaignWave wave)
        => wave.Spec is { Outage: null, Hooks: null } ? spec : spec with { Outage = wave.Spec.Outage ?? spec.Outage, Hooks = wave.Spec.Hooks ?? spec.Hooks };

    public static Watch Watch(CampaignItem item)
        => new(item.Id, item.Attempt, item.Host.Name, item.OperationId!.Value) { Journal = item.WasAccepted ? null : item.Journal };

    public static CancelOperation Cancel(CampaignItem item)
        => new(item.Id, item.Attempt, item.Host.Name, item.OperationId!.Value, item.Explanation);

    public static RecheckState Recheck(CampaignItem item) => new(item.Id, item.Attempt, item.Host.Name, item.Planned.VirtualMachineId);

    public static CheckReadiness Check(CampaignState state, CampaignItem item)
        => new(item.Id, state.Revision, item.Host.Name, item.Planned.VirtualMachineId, state.Spec!.RecoveryPoint, state.Spec.Readiness.Ignore);

    /// <summary>Repeats what the agent must be asked now, for an item in flight that is not waiting for a retry.</summary>
    public static void Repeat(Decision decision, CampaignItem item)
    {
        switch (item.Phase)
        {
            case AttemptPhase.Starting or AttemptPhase.Accepted or AttemptPhase.Running when item is { IsDrill: true, CancelRequested: true }:
                decision.Do(Follow(decision.State, item));
                break;
            case AttemptPhase.Accepted or AttemptPhase.Running when item.IsPair:
                decision.Do(Follow(decision.State, item));
                break;
            case AttemptPhase.Starting when item.CancelRequested:
                // Initiating after a person requested cancellation could start what must not run. The watch reports the result.
                decision.Do(Cancel(item));
                decision.Do(Watch(item));
                break;
            case AttemptPhase.Starting:
                decision.Do(Start(decision.State, item));
                break;
            case AttemptPhase.Rechecking:
                decision.Do(Recheck(item));
                break;
            case AttemptPhase.Checking:
                decision.Do(Check(decision.State, item));
                break;
            case AttemptPhase.Accepted or AttemptPhase.Running:
                decision.Do(Watch(item));
                if (item.CancelRequested)
                {
                    decision.Do(Cancel(item));
                }

                break;
            default:
                break;
        }
    }
}
