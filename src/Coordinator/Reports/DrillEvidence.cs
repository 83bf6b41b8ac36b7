using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Drills;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Reports;

/// <summary>What the planned drills of a campaign have shown, from its own events: a later drill of a machine changes nothing in it.</summary>
internal sealed class DrillEvidence
{
    private readonly Dictionary<string, DateTimeOffset> _departures = new(StringComparer.Ordinal);
    private string _startedBy = "";

    /// <summary>Takes an event that was applied to the state.</summary>
    public void Take(CampaignEvent decided, CampaignState state)
    {
        switch (decided)
        {
            case CampaignStarted started:
                _startedBy = started.Actor;
                break;
            case ItemStarting starting when state.FindItem(starting.Item) is { StepKind: StepKind.SwitchOver }:
                _departures.TryAdd(starting.Item, starting.At);
                break;
        }
    }

    /// <summary>What the drill of an item has shown; null when it never left, and before there is a verdict.</summary>
    public ReportedTest? Of(CampaignState state, PlannedDrillSpec drill, CampaignItem item)
    {
        if (!_departures.TryGetValue(item.Id, out var departed) || item.EndTime is not { } end || item.Status is not (ItemStatus.Succeeded or ItemStatus.SucceededWithWarnings or ItemStatus.Failed or ItemStatus.Cancelled))
        {
            return null;
        }

        var (passed, verify) = (item.Status == ItemStatus.Succeeded, state.Spec!.HostToHost!.Verify);
        return new ReportedTest
        {
            Drill = ResourceNames.Return(item.Planned.VirtualMachineId),
            Passed = passed,
            VerdictTime = end,
            ValidUntil = passed ? end + drill.ProofValidFor : null,
            ReplicaTime = null,
            Isolation = MachineProof.InProduction,
            VirtualSwitch = string.Empty,
            Verified = verify.Check.Length > 0 ? ["heartbeat", verify.Check] : ["heartbeat"],
            TookSeconds = Math.Round((end - departed).TotalSeconds, 1),
            TestedBy = _startedBy,
            Explanation = item.Explanation,
        };
    }
}
