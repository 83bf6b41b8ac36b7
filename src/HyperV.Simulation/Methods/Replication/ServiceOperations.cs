using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;
using EnabledState = HostAgent.HyperV.VirtualMachines.EnabledState;
using RecoveryPoint = HostAgent.HyperV.Simulation.World.RecoveryPoint;

namespace HostAgent.HyperV.Simulation.Methods.Replication;

/// <summary>
/// The transitions made by the replication service: failover, commit, revert, reversal, test failover, removal. The preconditions are those
/// of the in-box cmdlets; the durations are assumed.
/// </summary>
internal static class ServiceOperations
{
    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfReplicationService("InitiateFailover", InitiateFailover),
        MachineOperation.OfReplicationService("CommitFailover", CommitFailover),
        MachineOperation.OfReplicationService("RevertFailover", RevertFailover),
        MachineOperation.OfReplicationService("ReverseReplicationRelationship", Reverse),
        MachineOperation.OfReplicationService("ChangeReplicationModeToPrimary", ChangeToPrimary),
        MachineOperation.OfReplicationService("TestReplicaSystem", TestReplica),
        MachineOperation.OfReplicationService("RemoveReplicationRelationship", call => Remove(call, extended: false)),
        MachineOperation.OfReplicationService("RemoveReplicationRelationshipEx", RemoveEx),
        MachineOperation.OfService<VirtualSystemManagementService>(
            new CimMethod("DestroySystem", [new("AffectedSystem", CimType.Reference), new("Job", CimType.Reference, IsOutput: true)]), "AffectedSystem", Destroy),
    ];

    private static OperationDecision InitiateFailover(OperationCall call)
    {
        var machine = call.Machine;
        var snapshot = call.Inputs.GetValueOrDefault("SnapshotSettingData");
        var point = References.Find<RecoveryPoint>(call.World, call.Model, snapshot);
        return machine switch
        {
            { Mode: not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica) } => Refusals.WrongMode(machine),
            { Power: not EnabledState.Off } => Refusals.NotOff(machine),
            {
                ReplicationState: not (ReplicationState.Replicating or ReplicationState.Suspended or ReplicationState.Resynchronizing
                or ReplicationState.WaitingForUpdateCompletion)
            } => Refusals.WrongState(machine),
            { TestReplica: not null } => OperationDecision.InvalidState("a test failover is in progress"),
            _ when snapshot is not null && point?.Machine != machine
                => OperationDecision.Refuse(ReturnCode.InvalidParameter, "SnapshotSettingData is not a recovery point of the machine"),
            _ => OperationDecision.Start(JobType.InitiateFailover, OperationPlans.Timed(
                machine, 30,
                new MachineChange { ReplicationState = ReplicationState.Recovered, FailedOver = FailedOverTo(call, point) },
                new MachineChange { ReplicationState = ReplicationState.RecoveryInProgress })),
        };
    }

    private static ReplicationType FailedOverTo(OperationCall call, RecoveryPoint? point) => point switch
    {
        { Type: RecoveryPointType.ApplicationConsistent } => ReplicationType.ApplicationConsistent,
        null => PeerRules.LatestPoint(call),
        _ => ReplicationType.Regular,
    };

    private static OperationDecision CommitFailover(OperationCall call) => call.Machine switch
    {
        { Mode: not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica) } => Refusals.WrongMode(call.Machine),
        { ReplicationState: not ReplicationState.Recovered } => Refusals.WrongState(call.Machine),
        _ => OperationDecision.Start(JobType.CommitFailover, OperationPlans.Merging(
            call.Machine, 20, new MachineChange { ReplicationState = ReplicationState.Committed, RemovesRecoveryPoints = true })),
    };

    private static OperationDecision RevertFailover(OperationCall call) => call.Machine switch
    {
        { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.SyncedReplicationComplete } => Back(call.Machine, JobType.CancelSyncedReplication),
        { Mode: ReplicationMode.Primary } or { ReplicationState: not (ReplicationState.Recovered or ReplicationState.RecoveryInProgress) } => Refusals.WrongState(call.Machine),
        { Power: not EnabledState.Off } => Refusals.NotOff(call.Machine),
        _ => Back(call.Machine, JobType.RevertFailover),
    };

    private static OperationDecision Back(VirtualMachine machine, JobType type)
        => OperationDecision.Start(type, OperationPlans.Timed(machine, 15, new MachineChange { ReplicationState = ReplicationState.Replicating }));

    private static OperationDecision Reverse(OperationCall call)
    {
        var machine = call.Machine;
        return machine switch
        {
            { Mode: not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica) } => Refusals.WrongMode(machine),
            { ReplicationState: not (ReplicationState.Recovered or ReplicationState.Committed) } => Refusals.WrongState(machine),
            { Extended: true } => OperationDecision.InvalidState("the machine has an extended replica; its replication must be removed first"),
            _ when SettingsArgument.Read(call).Refusal is { } refusal => refusal,
            _ => PeerRules.Reverse(
                call,
                state => new MachineChange { Mode = ReplicationMode.Primary, ReplicationState = state, FailedOver = ReplicationType.None, RemovesRecoveryPoints = true }),
        };
    }

    private static OperationDecision ChangeToPrimary(OperationCall call) => call.Machine switch
    {
        { Mode: not ReplicationMode.Replica } => Refusals.WrongMode(call.Machine),
        { ReplicationState: not ReplicationState.Committed } => Refusals.WrongState(call.Machine),
        { Extended: false } => OperationDecision.InvalidState("the machine has no extended replica to become the primary of"),
        _ => OperationDecision.Start(JobType.ChangeReplicationModeToPrimary, OperationPlans.Timed(
            call.Machine, 10,
            new MachineChange { Mode = ReplicationMode.Primary, Extended = false, ReplicationState = ReplicationState.Replicating, FailedOver = ReplicationType.None })),
    };

    private static OperationDecision TestReplica(OperationCall call) => call.Machine switch
    {
        { Mode: not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica) } => Refusals.WrongMode(call.Machine),
        { Power: not EnabledState.Off } => Refusals.NotOff(call.Machine),
        { ReplicationState: not (ReplicationState.Replicating or ReplicationState.Suspended or ReplicationState.Critical) } => Refusals.WrongState(call.Machine),
        { TestReplica: not null } => OperationDecision.InvalidState("a test failover is already in progress"),
        _ => OperationDecision.Start(JobType.InitiateTestReplica, OperationPlans.Timed(
            call.Machine, 10, new MachineChange(), new MachineChange { TestReplica = OperationMethod.NewId(call.World, call.Machine, "test replica") })),
    };

    private static OperationDecision RemoveEx(OperationCall call)
        => RelationshipArgument.Read(call, out var refusal) is { } relationship ? Remove(call, relationship == ChangedSettings.ExtendedRelationship) : refusal!;

    private static OperationDecision Remove(OperationCall call, bool extended) => call.Machine switch
    {
        { Mode: ReplicationMode.None or ReplicationMode.TestReplica } => Refusals.WrongMode(call.Machine),
        { Extended: var has } when extended && !has => OperationDecision.InvalidState("the machine has no extended relationship"),
        { Extended: true } when !extended => OperationDecision.InvalidState("the primary relationship cannot be removed while an extended one exists"),
        _ => OperationDecision.Start(JobType.RemoveReplicationRelationship, OperationPlans.Timed(
            call.Machine, 5,
            extended
                ? new MachineChange { Extended = false }
                : new MachineChange { Mode = ReplicationMode.None, ReplicationState = ReplicationState.Disabled, FailedOver = ReplicationType.None, RemovesRecoveryPoints = true })),
    };

    // Only test failover machines can be destroyed here; clients cannot delete the estate's own machines.
    private static OperationDecision Destroy(OperationCall call) => call.Machine switch
    {
        { Replica: null } => OperationDecision.Refuse(ReturnCode.NotSupported, "only a test failover machine can be destroyed on a simulated host"),
        { Power: not EnabledState.Off } => Refusals.NotOff(call.Machine),
        _ => OperationDecision.Start(JobType.RemoveTestReplica, OperationPlans.Timed(call.Machine.Replica, 5, new MachineChange { RemovesTestReplica = true })),
    };
}
