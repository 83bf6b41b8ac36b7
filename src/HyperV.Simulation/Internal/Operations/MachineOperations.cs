using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;
using EnabledState = HostAgent.HyperV.VirtualMachines.EnabledState;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>What a virtual machine itself is asked for: replication states (RequestReplicationStateChange) and power (RequestStateChange).</summary>
internal static class MachineOperations
{
    private static readonly CimParameter RequestedState = new("RequestedState", CimType.UInt16);
    private static readonly CimParameter Job = new("Job", CimType.Reference, IsOutput: true);
    private static readonly CimParameter Timeout = new("TimeoutPeriod", CimType.DateTime);

    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfMachine(new CimMethod("RequestReplicationStateChange", [RequestedState, Job, Timeout]), ChangeReplicationState),
        MachineOperation.OfMachine(
            new CimMethod("RequestReplicationStateChangeEx", [new("ReplicationRelationship", CimType.String), RequestedState, Job, Timeout]), ChangeReplicationState),
        MachineOperation.OfMachine(new CimMethod("RequestStateChange", [RequestedState, Job, Timeout]), ChangePower),
    ];

    private static OperationDecision ChangeReplicationState(OperationCall call) => RelationshipArgument.Read(call, out var refusal) switch
    {
        null => refusal!,
        ChangedSettings.ExtendedRelationship when !call.Machine.Extended => OperationDecision.InvalidState("the machine has no extended relationship"),
        ChangedSettings.ExtendedRelationship => ExtendedStateRequests.Judge(call),
        _ => ChangePrimaryRelationship(call),
    };

    // Which requests exist is published; from which states, the in-box cmdlets tell.
    private static OperationDecision ChangePrimaryRelationship(OperationCall call) => call.Number("RequestedState") switch
    {
        1 => Change(
            call, JobType.StopInitialReplication, ReplicationState.Ready,
            machine => machine is { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.WaitingToCompleteInitialReplication }),
        2 => Change(
            call, JobType.ReplicationStateChange, ReplicationState.WaitingToCompleteInitialReplication,
            machine => machine is { Mode: ReplicationMode.Primary, Power: EnabledState.Off } && call.World.Server is { Settings.Enabled: true, Entries.Count: > 0 },
            ReplicationMode.Replica),
        3 => Change(
            call, JobType.ReplicationStateChange, ReplicationState.Replicating,
            machine => machine.Mode is not (ReplicationMode.None or ReplicationMode.TestReplica) && machine.ReplicationState
                is ReplicationState.Suspended or ReplicationState.Critical or ReplicationState.WaitingForStartResynchronize
                or ReplicationState.ResynchronizeSuspended or ReplicationState.UpdateCritical),
        4 => Change(
            call, JobType.InitiateSyncedReplication, ReplicationState.SyncedReplicationComplete,
            machine => machine is { Mode: ReplicationMode.Primary, Power: EnabledState.Off, ReplicationState: ReplicationState.Replicating }, seconds: 20),
        7 => Change(
            call, JobType.ReplicationStateChange, ReplicationState.Suspended,
            machine => machine.ReplicationState
                is ReplicationState.WaitingToCompleteInitialReplication or ReplicationState.Replicating or ReplicationState.Resynchronizing),
        9 => Change(
            call, JobType.StopResynchronization, ReplicationState.WaitingForStartResynchronize,
            machine => machine is { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.Resynchronizing or ReplicationState.ResynchronizeSuspended }),
        var other => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"RequestedState is {other}, allowed is 1, 2, 3, 4, 7 or 9"),
    };

    // While the request runs, the replication state already shows what was asked for.
    private static OperationDecision Change(
        OperationCall call, JobType type, ReplicationState state, Func<VirtualMachine, bool> allowed, ReplicationMode? mode = null, double seconds = 3)
        => allowed(call.Machine)
            ? OperationDecision.Start(type, OperationPlans.Timed(
                call.Machine, seconds, new MachineChange { ReplicationState = state, Mode = mode }, new MachineChange { ReplicationState = state }))
            : OperationDecision.InvalidState(
                $"from mode {Numbered.Text(call.Machine.Mode)}, replication state {Numbered.Text(call.Machine.ReplicationState)}, "
                + $"{Numbered.Text(call.Machine.Power)} there is no way to {Numbered.Text(state)}");

    private static OperationDecision ChangePower(OperationCall call) => (call.Number("RequestedState"), call.Machine) switch
    {
        (2, { Power: EnabledState.Off or EnabledState.Saved or EnabledState.Paused }) => LockedFromStarting(call.Machine) is { } why
            ? OperationDecision.InvalidState(why)
            : Power(
                call, call.Machine.Power == EnabledState.Saved ? JobType.RestoreVirtualMachine : JobType.StartVirtualMachine, 10, EnabledState.Starting, EnabledState.Running),
        (3, { Power: not EnabledState.Off }) => Power(call, JobType.PowerOffVirtualMachine, 2, EnabledState.Stopping, EnabledState.Off),
        (4, { Power: EnabledState.Running }) => OperationDecision.Start(JobType.ShutDownVirtualMachine, OperationPlans.ShutDown(call.Machine)),
        (6, { Power: EnabledState.Running or EnabledState.Paused }) => Power(call, JobType.SaveVirtualMachine, 15, EnabledState.Saving, EnabledState.Saved),
        (9, { Power: EnabledState.Running }) => Power(call, JobType.ModifyVirtualMachine, 1, EnabledState.Pausing, EnabledState.Paused),
        (10 or 11, { Power: EnabledState.Running }) => Power(call, JobType.ModifyVirtualMachine, 10, EnabledState.Reset, EnabledState.Running),
        (2 or 3 or 4 or 6 or 9 or 10 or 11, _) => OperationDecision.InvalidState($"the virtual machine is {Numbered.Text(call.Machine.Power)}"),
        (var other, _) => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"RequestedState is {other}, allowed is 2, 3, 4, 6, 9, 10 or 11"),
    };

    private static OperationDecision Power(OperationCall call, JobType type, double seconds, EnabledState during, EnabledState after)
        => OperationDecision.Start(type, OperationPlans.Timed(
            call.Machine, seconds, new MachineChange { Power = after }, new MachineChange { Power = during }));

    private static string? LockedFromStarting(VirtualMachine machine) => machine switch
    {
        { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.SyncedReplicationComplete } => "the machine is prepared for a planned failover and locked from starting",
        { Mode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica, ReplicationState: not (ReplicationState.Recovered or ReplicationState.Committed) }
            => $"a replica in state {Numbered.Text(machine.ReplicationState)} cannot be started; it must be failed over first",
        _ => null,
    };
}
