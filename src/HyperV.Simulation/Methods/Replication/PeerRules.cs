using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods.Replication;

/// <summary>
/// What an operation finds at the linked host and does there. A host that is simulated alone has no such host: its machines find what their description
/// says, and change nothing.
/// </summary>
internal static class PeerRules
{
    // To connect, to authenticate, to ask, and to confirm.
    private const int RoundTrips = 4;

    /// <summary>A reversal: a prepared primary becomes the replica at once, a waiting replica stays one and waits for its first copy.</summary>
    public static OperationDecision Reverse(OperationCall call, Func<ReplicationState, MachineChange> reversed)
    {
        var machine = call.Machine;
        if (CanCreate(call))
        {
            return OperationDecision.Start(JobType.ReverseReplication, With(call, OperationPlans.Merging(machine, 20, reversed(ReplicationState.Ready)), new PeerEffect { Creates = true }));
        }

        switch (Found(call))
        {
            case null:
                var ready = machine.Description.PeerState == ReplicationState.SyncedReplicationComplete ? ReplicationState.Replicating : ReplicationState.Ready;
                return OperationDecision.Start(JobType.ReverseReplication, OperationPlans.Merging(machine, 20, reversed(ready)));
            case { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.SyncedReplicationComplete }:
                return OperationDecision.Start(JobType.ReverseReplication, With(
                    call,
                    OperationPlans.Merging(machine, 20, reversed(ReplicationState.Replicating)),
                    new PeerEffect { Mode = ReplicationMode.Replica, State = ReplicationState.Replicating }));
            case { Mode: ReplicationMode.Replica, ReplicationState: ReplicationState.WaitingToCompleteInitialReplication }:
                return OperationDecision.Start(JobType.ReverseReplication, With(call, OperationPlans.Merging(machine, 20, reversed(ReplicationState.Ready)), new PeerEffect()));
            default:
                return OperationDecision.Start(JobType.ReverseReplication, Failing(OperationPlans.Merging(machine, 20, reversed(ReplicationState.Ready))));
        }
    }

    /// <summary>A new relationship: the other host gets the machine, or has one that waits for its first copy.</summary>
    public static JobPlan Create(OperationCall call, JobPlan plan) => Found(call) switch
    {
        null => plan,
        _ when CanCreate(call) => With(call, plan, new PeerEffect { Creates = true }),
        { Mode: ReplicationMode.Replica, ReplicationState: ReplicationState.WaitingToCompleteInitialReplication } => With(call, plan, new PeerEffect()),
        _ => Failing(plan),
    };

    /// <summary>A first copy to a medium: what it has then is what an import brings.</summary>
    public static OperationDecision Export(OperationCall call, OperationDecision decision) => call.World.Peer is not null && decision.Plan is { Ending.Change: { } change } plan
        ? OperationDecision.Start(decision.JobType, plan with { Ending = plan.Ending with { Change = change with { Exports = true } } })
        : decision;

    /// <summary>The import of a first copy: it needs the medium of the primary's export, and the primary replicates from then on.</summary>
    public static OperationDecision Import(OperationCall call, OperationDecision decision) => (decision.Plan, Found(call)) switch
    {
        (null, _) or (_, null) => decision,
        ({ } plan, { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.WaitingToCompleteInitialReplication, Exported: not null })
            => OperationDecision.Start(decision.JobType, With(call, plan, new PeerEffect { State = ReplicationState.Replicating, Fetches = true, Unreached = plan.AfterCancel })),
        ({ } plan, _) => OperationDecision.Start(decision.JobType, Failing(plan)),
    };

    /// <summary>A copy or a resynchronisation to a replica: its disks become this side's.</summary>
    public static JobPlan Copy(OperationCall call, JobPlan plan) => Found(call) switch
    {
        null => plan,
        { Mode: ReplicationMode.Replica, FailedOver: ReplicationType.None } => With(call, plan, new PeerEffect { State = ReplicationState.Replicating, Sends = ReplicationType.Regular, Unreached = plan.AfterCancel }),
        _ => Failing(plan),
    };

    /// <summary>
    /// The preparation of a planned failover: the last changes are sent. The requested state shows from the beginning, and stays when they could not be sent.
    /// </summary>
    public static JobPlan Prepare(OperationCall call, JobPlan plan) => Found(call) switch
    {
        null => plan,
        { Mode: ReplicationMode.Replica, ReplicationState: ReplicationState.Replicating } => With(call, plan, new PeerEffect { Sends = ReplicationType.Planned }),
        _ => Failing(plan),
    };

    /// <summary>The kind of point that a failover to the latest one takes.</summary>
    public static ReplicationType LatestPoint(OperationCall call) => call.World.Peer is null
        ? call.Machine.Description.PeerState == ReplicationState.SyncedReplicationComplete ? ReplicationType.Planned : ReplicationType.Regular
        : call.Machine.LastType == ReplicationType.Planned ? ReplicationType.Planned : ReplicationType.Regular;

    private static bool CanCreate(OperationCall call) => call.World.Peer is { AcceptsReplicas: true } peer && peer.Find(call.Machine.Id) is null;

    // Null where the host is simulated alone; the machine itself where the other side has none, so that no rule for a peer matches it.
    private static VirtualMachine? Found(OperationCall call) => call.World.Peer is { } peer ? peer.Find(call.Machine.Id) ?? call.Machine : null;

    private static JobPlan With(OperationCall call, JobPlan plan, PeerEffect peer) => plan with
    {
        Phases = call.World.Peer?.RoundTrip is { } time && time > TimeSpan.Zero
            ? [new JobPhase(PhaseKind.Start, RoundTrips * time.TotalSeconds, 1, 0, 0), .. plan.Phases]
            : plan.Phases,
        Ending = plan.Ending with { Peer = peer },
    };

    // The other side is not in a state for it: a job is accepted, and fails.
    private static JobPlan Failing(JobPlan plan) => plan with
    {
        Ending = new JobEnding(EndingKind.Ends) { JobState = JobState.Exception, ErrorCode = (ushort)ReturnCode.InvalidState, Change = plan.AfterCancel },
    };
}
