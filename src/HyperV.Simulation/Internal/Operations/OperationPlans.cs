using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>The plans of operations that take a fixed time.</summary>
internal static class OperationPlans
{
    /// <summary>A job of so many seconds of host time, which can be cancelled; then the machine has the state it had before.</summary>
    public static JobPlan Timed(VirtualMachine machine, double seconds, MachineChange atEnd, MachineChange? atStart = null)
        => Of(machine, new JobPhase(PhaseKind.Other, seconds, 1, 0, 100), atEnd, atStart);

    /// <summary>The same, but there is no way back once it runs.</summary>
    public static JobPlan Merging(VirtualMachine machine, double seconds, MachineChange atEnd)
        => Of(machine, new JobPhase(PhaseKind.Merge, seconds, 1, 0, 100), atEnd, atStart: null);

    /// <summary>Work in several phases, as the machine's replication resumes.</summary>
    public static JobPlan Phased(VirtualMachine machine, IReadOnlyList<JobPhase> phases, ReplicationState during, ReplicationState after) => new()
    {
        Phases = phases,
        AtStart = new MachineChange { ReplicationState = during },
        Ending = new JobEnding(EndingKind.Ends) { ReplicationState = after },
        StateAfterFailure = machine.ReplicationState,
        StateAfterCancel = machine.ReplicationState,
    };

    private static JobPlan Of(VirtualMachine machine, JobPhase work, MachineChange atEnd, MachineChange? atStart) => new()
    {
        Phases = [new(PhaseKind.Submit, 1, 1, 0, 0), work],
        AtStart = atStart,
        Ending = new JobEnding(EndingKind.Ends) { Change = atEnd },
        AfterCancel = atStart is null ? null : Former(machine, atStart),
    };

    private static MachineChange Former(VirtualMachine machine, MachineChange change) => new()
    {
        ReplicationState = change.ReplicationState is null ? null : machine.ReplicationState,
        Power = change.Power is null ? null : machine.Power,
        RemovesTestReplica = change.TestReplica is not null,
    };
}
