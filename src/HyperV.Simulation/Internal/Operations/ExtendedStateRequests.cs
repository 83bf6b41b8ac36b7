using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;
using EnabledState = HostAgent.HyperV.VirtualMachines.EnabledState;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>RequestReplicationStateChangeEx on a replica's extended relationship, whose sender the replica is.</summary>
internal static class ExtendedStateRequests
{
    public static OperationDecision Judge(OperationCall call) => call.Number("RequestedState") switch
    {
        1 => Change(
            call, JobType.StopInitialReplication, ReplicationState.Ready, state => state is ReplicationState.WaitingToCompleteInitialReplication),
        3 => Change(
            call, JobType.ReplicationStateChange, ReplicationState.Replicating,
            state => state is ReplicationState.Suspended or ReplicationState.Critical or ReplicationState.WaitingForStartResynchronize
                or ReplicationState.ResynchronizeSuspended or ReplicationState.UpdateCritical),
        4 => Change(
            call, JobType.InitiateSyncedReplication, ReplicationState.SyncedReplicationComplete,
            state => call.Machine.Power == EnabledState.Off
                && state is ReplicationState.Replicating or ReplicationState.WaitingForUpdateCompletion or ReplicationState.UpdateCritical,
            seconds: 20),
        7 => Change(
            call, JobType.ReplicationStateChange, ReplicationState.Suspended,
            state => state is ReplicationState.WaitingToCompleteInitialReplication or ReplicationState.Replicating or ReplicationState.Resynchronizing),
        9 => Change(
            call, JobType.StopResynchronization, ReplicationState.WaitingForStartResynchronize,
            state => state is ReplicationState.Resynchronizing or ReplicationState.ResynchronizeSuspended),
        2 => Refusals.WrongState(call.Machine, ChangedSettings.ExtendedRelationship),
        var other => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"RequestedState is {other}, allowed is 1, 2, 3, 4, 7 or 9"),
    };

    private static OperationDecision Change(OperationCall call, JobType type, ReplicationState state, Func<ReplicationState, bool> allowed, double seconds = 3)
        => allowed(call.Machine.ExtendedState)
            ? OperationDecision.Start(type, OperationPlans.Timed(
                call.Machine, seconds, new MachineChange { ExtendedState = state }, new MachineChange { ExtendedState = state }))
            : Refusals.WrongState(call.Machine, ChangedSettings.ExtendedRelationship);
}
