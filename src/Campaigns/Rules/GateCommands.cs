using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>Approvals and rejections of a wave's gate.</summary>
internal static class GateCommands
{
    public static void Approve(Decision decision, ApproveWave command)
    {
        if (command.WayBack)
        {
            ApproveWayBack(decision, command);
            return;
        }

        if (WavePrograms.TrySkip(decision, command))
        {
            return;
        }

        if (decision.State.FindWave(command.Wave) is { } outages && Awaits(decision.State, outages, 0))
        {
            ApproveOutages(decision, outages, command);
            return;
        }

        if (Find(decision, command.Wave, command.Actor) is not { } wave || wave.ApprovedBy is not null)
        {
            return;
        }

        decision.Emit(new WaveApproved(wave.Index, command.Actor, command.Comment));
        if (decision.State.IsPausedBy(PauseCause.Gate))
        {
            decision.Emit(new CampaignResumed([PauseCause.Gate], command.Actor, command.Comment));
        }
    }

    // The second outage needs its own approval: whoever approved the way there has not approved that the service goes down again.
    private static void ApproveWayBack(Decision decision, ApproveWave command)
    {
        if (decision.Spec.PlannedDrill is null || decision.State.FindWave(command.Wave) is not { Outage.Automatic: false } wave)
        {
            decision.Reject(RejectionCode.NoGate, $"There is no wave '{command.Wave}' of a planned drill whose way back needs approval.");
        }
        else if (Awaits(decision.State, wave, 1))
        {
            ApproveOutages(decision, wave, command);
        }
    }

    // Before the wave's gate: its machines are in step, and their services go down.
    private static void ApproveOutages(Decision decision, CampaignWave wave, ApproveWave command)
    {
        var (outage, state, way) = (wave.Outage!, decision.State, command.WayBack ? 1 : 0);
        if (outage.Approvers.Count > 0 && !outage.Approvers.Contains(command.Actor, StringComparer.Ordinal))
        {
            decision.Reject(RejectionCode.NotAnApprover, $"{command.Actor} is not an approver of the outages of wave {command.Wave}; the approvers are {string.Join(", ", outage.Approvers)}.");
        }
        else if (wave.Status != WaveStatus.Running || decision.State.Status is not (CampaignStatus.Running or CampaignStatus.Paused))
        {
            decision.Reject(
                RejectionCode.GateState, $"The outages of wave {command.Wave} cannot be approved yet: the wave is {StatusNames.Of(wave.Status)}, and the campaign is {StatusNames.Of(decision.State.Status)}.");
        }
        else if (Asked(state, wave, way) is var asked && asked.Find(item => !IsLeftOut(item)) is null && !wave.NeedsApprovalOf(way))
        {
            decision.Reject(
                RejectionCode.GateState,
                $"The outages of wave {command.Wave} were approved by {wave.ApproverOf(way)} without {asked[0].Planned.VirtualMachineName}, which is {StatusNames.Of(asked[0].Status)}: approve its outage when it goes on.");
        }
        else
        {
            List<int> left = [.. asked.Where(IsLeftOut).Select(item => item.Index)];
            decision.Emit(new WaveOutagesApproved(wave.Index, command.Actor, command.Comment) { WayBack = command.WayBack, Except = left.Count == 0 ? null : left });
        }
    }

    // A wave at its gate has no outage left.
    private static bool Awaits(CampaignState state, CampaignWave wave, int way)
        => wave.NeedsApprovalOf(way) ? wave.Status is not (WaveStatus.AtGate or WaveStatus.Done) : wave.Status == WaveStatus.Running && Asked(state, wave, way).Count > 0;

    /// <summary>The machines whose outages are approved now: all of the wave, or those that an earlier approval left out.</summary>
    private static List<CampaignItem> Asked(CampaignState state, CampaignWave wave, int way)
        => wave.NeedsApprovalOf(way)
            ? [.. state.ItemsOf(wave)]
            : [.. (wave.LeftOutOf(way) ?? []).Where(one => one.Value is null).Select(one => state.Items[one.Key]).Where(item => !item.Status.IsSuccess())];

    // Nobody has approved what a question will be answered with, nor that a machine which has failed is tried again.
    private static bool IsLeftOut(CampaignItem item) => item.GoesHostToHost && (item.Status == ItemStatus.Held || (item.Status.IsTerminal() && !item.Status.IsSuccess()));

    /// <summary>Whoever approves the outages decides apart whether the way back may begin: this only ends the waiting.</summary>
    public static void EndSoak(Decision decision, EndSoak command)
    {
        var state = decision.State;
        if (state.FindWave(command.Wave) is not { } wave)
        {
            decision.Reject(RejectionCode.NoGate, $"There is no wave '{command.Wave}'.");
        }
        else if (state.Status is not (CampaignStatus.Running or CampaignStatus.Paused) || (wave.SoakEndTime is null && !state.ItemsOf(wave).Any(item => item.Soaks)))
        {
            decision.Reject(RejectionCode.GateState, $"Nothing soaks in wave {command.Wave} now: the wave is {StatusNames.Of(wave.Status)}, and the campaign is {StatusNames.Of(state.Status)}.");
        }
        else
        {
            decision.Emit(new SoakEnded(wave.Index, command.Actor, command.Comment));
        }
    }

    public static void Reject(Decision decision, RejectWave command)
    {
        if (Find(decision, command.Wave, command.Actor) is not { } wave || wave.RejectedBy is not null)
        {
            return;
        }

        if (wave.ApprovedBy is { } approver)
        {
            decision.Reject(RejectionCode.GateState, $"The gate of wave {command.Wave} was already approved by {approver}; pause or stop the campaign instead.");
            return;
        }

        decision.Emit(new WaveRejected(wave.Index, command.Actor, command.Comment));
        var reason = command.Comment.Length == 0 ? "." : $": {command.Comment}";
        decision.Emit(new CampaignPaused(PauseCause.Gate, Automatic: false, command.Actor, $"{command.Actor} rejected the gate of wave {command.Wave}{reason}"));
    }

    /// <summary>The wave whose gate waits for this person's answer; null when there is nothing to answer.</summary>
    private static CampaignWave? Find(Decision decision, string name, string actor)
    {
        var state = decision.State;
        if (state.FindWave(name) is not { Spec.Gate: { Approvers.Count: > 0 } gate } wave)
        {
            decision.Reject(RejectionCode.NoGate, $"There is no wave '{name}' that needs approval{(decision.Spec.PlannedDrill is null ? "" : "; that of its way back is given with --way-back")}.");
            return null;
        }

        if (!gate.Approvers.Contains(actor, StringComparer.Ordinal))
        {
            decision.Reject(RejectionCode.NotAnApprover, $"{actor} is not an approver of wave {name}; the approvers are {string.Join(", ", gate.Approvers)}.");
            return null;
        }

        if (wave.Status == WaveStatus.Done)
        {
            return null;
        }

        if (wave.Status != WaveStatus.AtGate || state.Status is not (CampaignStatus.Running or CampaignStatus.Paused))
        {
            decision.Reject(RejectionCode.GateState, $"Wave {name} is not at its gate: {wave.Counts.Terminal} of {wave.Counts.Total} items have ended, and the campaign is {StatusNames.Of(state.Status)}.");
            return null;
        }

        return wave;
    }
}
