using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;
using EnabledState = HostAgent.HyperV.VirtualMachines.EnabledState;

namespace HostAgent.HyperV.Simulation.Methods.Replication;

/// <summary>
/// RequestReplicationStateChange, and RequestReplicationStateChangeEx for either relationship. The requests are published; the states
/// that allow them come from the in-box cmdlets. A sender's requests apply to a primary's relationship, or to a replica's extended one.
/// </summary>
internal static class ReplicationStateRequests
{
    private static readonly CimParameter RequestedState = new("RequestedState", CimType.UInt16);
    private static readonly CimParameter Job = new("Job", CimType.Reference, IsOutput: true);
    private static readonly CimParameter Timeout = new("TimeoutPeriod", CimType.DateTime);

    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfMachine(new CimMethod("RequestReplicationStateChange", [RequestedState, Job, Timeout]), Judge),
        MachineOperation.OfMachine(
            new CimMethod("RequestReplicationStateChangeEx", [new("ReplicationRelationship", CimType.String), RequestedState, Job, Timeout]), Judge),
    ];

    private static OperationDecision Judge(OperationCall call) => RelationshipArgument.Read(call, out var refusal) switch
    {
        null => refusal!,
        ChangedSettings.ExtendedRelationship when !call.Machine.Extended => OperationDecision.InvalidState("the machine has no extended relationship"),
        { } relationship => Judge(call, relationship),
    };

    private static OperationDecision Judge(OperationCall call, int relationship)
    {
        var machine = call.Machine;
        var state = machine.StateOf(relationship);
        var extended = relationship == ChangedSettings.ExtendedRelationship;
        var sends = extended || machine.Mode == ReplicationMode.Primary;
        return call.Number("RequestedState") switch
        {
            1 => Change(
                call, relationship, JobType.StopInitialReplication, ReplicationState.Ready,
                sends && state == ReplicationState.WaitingToCompleteInitialReplication),
            2 => Change(
                call, relationship, JobType.ReplicationStateChange, ReplicationState.WaitingToCompleteInitialReplication,
                !extended && machine is { Mode: ReplicationMode.Primary or ReplicationMode.None, Power: EnabledState.Off } && call.World.Server is { Settings.Enabled: true, Entries.Count: > 0 },
                ReplicationMode.Replica),
            3 => Change(
                call, relationship, JobType.ReplicationStateChange, ReplicationState.Replicating,
                machine.Mode is not (ReplicationMode.None or ReplicationMode.TestReplica) && state
                    is ReplicationState.Suspended or ReplicationState.Critical or ReplicationState.WaitingForStartResynchronize
                    or ReplicationState.ResynchronizeSuspended or ReplicationState.UpdateCritical),
            4 => Change(
                call, relationship, JobType.InitiateSyncedReplication, ReplicationState.SyncedReplicationComplete,
                sends && machine.Power == EnabledState.Off
                    && (state == ReplicationState.Replicating || (extended && state is ReplicationState.WaitingForUpdateCompletion or ReplicationState.UpdateCritical)),
                seconds: 20),
            7 => Change(
                call, relationship, JobType.ReplicationStateChange, ReplicationState.Suspended,
                state is ReplicationState.WaitingToCompleteInitialReplication or ReplicationState.Replicating or ReplicationState.Resynchronizing),
            9 => Change(
                call, relationship, JobType.StopResynchronization, ReplicationState.WaitingForStartResynchronize,
                sends && state is ReplicationState.Resynchronizing or ReplicationState.ResynchronizeSuspended),
            var other => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"RequestedState is {other}; it must be 1, 2, 3, 4, 7 or 9"),
        };
    }

    // While the request runs, the replication state already shows the requested state.
    private static OperationDecision Change(
        OperationCall call, int relationship, JobType type, ReplicationState state, bool allowed, ReplicationMode? mode = null, double seconds = 3)
    {
        var entered = OperationPlans.Enter(relationship, state);
        return allowed
            ? OperationDecision.Start(type, Plan(call, state, OperationPlans.Timed(call.Machine, seconds, entered with { Mode = mode }, entered)))
            : OperationDecision.InvalidState(
                $"in mode {Numbered.Text(call.Machine.Mode)}, state {Numbered.Text(call.Machine.StateOf(relationship))} of relationship {relationship}, "
                + $"power state {Numbered.Text(call.Machine.Power)}, the replication state cannot change to {Numbered.Text(state)}");
    }

    private static JobPlan Plan(OperationCall call, ReplicationState state, JobPlan plan)
        => state == ReplicationState.SyncedReplicationComplete && call.Machine.Mode == ReplicationMode.Primary ? PeerRules.Prepare(call, plan) : plan;
}

/// <summary>The argument StartTime: work starts now, or at a later time.</summary>
internal static class StartTime
{
    private static readonly TimeSpan FarthestAhead = TimeSpan.FromDays(7);

    /// <summary>Starts the job, or a job that schedules it.</summary>
    public static OperationDecision Start(OperationCall call, JobType type, int relationship, JobPlan plan) => call.Inputs.GetValueOrDefault("StartTime") switch
    {
        null => OperationDecision.Start(type, plan),
        DateTimeOffset time when time > call.World.NowTime + FarthestAhead
            => OperationDecision.Refuse(ReturnCode.InvalidParameter, FormattableString.Invariant($"StartTime is {time:u}; it must be at most 7 days ahead")),
        DateTimeOffset time when time > call.World.NowTime => OperationDecision.Start(type, OperationPlans.Timed(call.Machine, 1, new MachineChange
        {
            Schedules = new ScheduledWork(time, type, plan, relationship, call.Machine.StateOf(relationship)),
        })),
        DateTimeOffset => OperationDecision.Start(type, plan),
        var other => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"StartTime is {other}; it must be a point in time"),
    };
}
