using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods.Replication;

/// <summary>
/// Operations that synchronise both sides: initial replication, over the network or by export and import, and resynchronisation. On a
/// replica they apply to its extended replica.
/// </summary>
internal static class CopyOperations
{
    private const long Network = 1;
    private const long Export = 2;
    private const long AlreadyThere = 3;

    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfReplicationService("StartReplication", call => OfSender(call, StartReplication)),
        MachineOperation.OfReplicationService("ImportInitialReplica", Import),
        MachineOperation.OfReplicationService("Resynchronize", call => OfSender(call, Resynchronize)),
    ];

    // A primary sends to its replica, a replica to its extended replica.
    private static OperationDecision OfSender(OperationCall call, Func<OperationCall, int, OperationDecision> judge) => call.Machine switch
    {
        { Mode: ReplicationMode.Primary } => judge(call, ChangedSettings.PrimaryRelationship),
        { Mode: ReplicationMode.Replica, Extended: true } => judge(call, ChangedSettings.ExtendedRelationship),
        { Mode: ReplicationMode.Replica } => OperationDecision.InvalidState("the machine has no extended replica to send to"),
        _ => Refusals.WrongMode(call.Machine),
    };

    private static OperationDecision StartReplication(OperationCall call, int relationship)
    {
        var machine = call.Machine;
        var type = call.Number("InitialReplicationType");
        return type switch
        {
            not (Network or Export or AlreadyThere) => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"InitialReplicationType is {type}; it must be 1 to 3"),
            _ when machine.StateOf(relationship) != ReplicationState.Ready => Refusals.WrongState(machine, relationship),
            Export => PeerRules.Export(call, Carry(
                call, "InitialReplicationExportLocation", JobType.StartExportInitialReplication, relationship,
                call.World.Peer is null && machine.Description.PeerState == ReplicationState.Replicating ? ReplicationState.Replicating : ReplicationState.WaitingToCompleteInitialReplication)),
            AlreadyThere => StartTime.Start(call, JobType.StartResynchronizeInitialReplication, relationship, PeerRules.Copy(call, OperationPlans.Phased(
                machine, FailbackWork.ResynchronizationPhases(call.World.Description, machine.Description), relationship,
                ReplicationState.WaitingToCompleteInitialReplication, ReplicationState.Replicating))),
            _ => StartTime.Start(call, JobType.StartNetworkInitialReplication, relationship, PeerRules.Copy(call, OperationPlans.Phased(
                machine, FailbackWork.FirstCopyPhases(machine.Description), relationship,
                ReplicationState.WaitingToCompleteInitialReplication, ReplicationState.Replicating))),
        };
    }

    private static OperationDecision Import(OperationCall call) => call.Machine switch
    {
        { Mode: not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica) } => Refusals.WrongMode(call.Machine),
        { ReplicationState: not ReplicationState.WaitingToCompleteInitialReplication } => Refusals.WrongState(call.Machine),
        _ => PeerRules.Import(call, Carry(call, "InitialReplicationImportLocation", JobType.ImportInitialReplica, ChangedSettings.PrimaryRelationship, ReplicationState.Replicating)),
    };

    private static OperationDecision Carry(OperationCall call, string argument, JobType type, int relationship, ReplicationState after)
    {
        var folder = call.Inputs.GetValueOrDefault(argument) as string;
        return WindowsPath.IsWhole(folder)
            ? OperationDecision.Start(type, OperationPlans.Phased(
                call.Machine, FailbackWork.CarriedCopyPhases(call.World.Description, call.Machine.Description), relationship,
                ReplicationState.WaitingToCompleteInitialReplication, after))
            : OperationDecision.Refuse(ReturnCode.InvalidParameter, $"{argument} is '{folder}'; it must be an absolute Windows path");
    }

    private static OperationDecision Resynchronize(OperationCall call, int relationship) => call.Machine.StateOf(relationship)
        is ReplicationState.Replicating or ReplicationState.Suspended or ReplicationState.Critical
        or ReplicationState.WaitingForStartResynchronize or ReplicationState.ResynchronizeSuspended
            ? StartTime.Start(
                call, relationship == ChangedSettings.ExtendedRelationship ? JobType.ResynchronizingExtended : JobType.Resynchronizing, relationship,
                PeerRules.Copy(call, OperationPlans.Phased(
                    call.Machine, FailbackWork.ResynchronizationPhases(call.World.Description, call.Machine.Description), relationship,
                    ReplicationState.Resynchronizing, ReplicationState.Replicating)))
            : Refusals.WrongState(call.Machine, relationship);
}
