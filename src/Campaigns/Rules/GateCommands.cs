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

        if (decision.State.FindWave(command.Wave) is { NeedsOutageApproval: true } outages)
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
        else if (wave.NeedsApprovalOf(1))
        {
            ApproveOutages(decision, wave, command);
        }
    }

    // Before the wave's gate: its machines are in step, and their services go down.
    private static void ApproveOutages(Decision decision, CampaignWave wave, ApproveWave command)
    {
        var outage = wave.Outage!;
        if (outage.Approvers.Count > 0 && !outage.Approvers.Contains(command.Actor, StringComparer.Ordinal))
        {
            decision.Reject(RejectionCode.NotAnApprover, $"{command.Actor} is not an approver of the outages of wave {command.Wave}; the approvers are {string.Join(", ", outage.Approvers)}.");
        }
        else if (wave.Status != WaveStatus.Running || decision.State.Status is not (CampaignStatus.Running or CampaignStatus.Paused))
        {
            decision.Reject(
                RejectionCode.GateState, $"The outages of wave {command.Wave} cannot be approved yet: the wave is {StatusNames.Of(wave.Status)}, and the campaign is {StatusNames.Of(decision.State.Status)}.");
        }
        else
        {
            decision.Emit(new WaveOutagesApproved(wave.Index, command.Actor, command.Comment) { WayBack = command.WayBack });
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
            decision.Reject(RejectionCode.GateState, $"Wave {name} is not at its gate: it has {wave.Counts.Total - wave.Counts.Terminal} items that have not ended, and the campaign is {StatusNames.Of(state.Status)}.");
            return null;
        }

        return wave;
    }
}
