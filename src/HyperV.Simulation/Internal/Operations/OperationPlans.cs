using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;
using EnabledState = HostAgent.HyperV.VirtualMachines.EnabledState;

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

    /// <summary>Work in several phases, meanwhile and after which a relationship has another state; cancelled, it has the state it had before.</summary>
    public static JobPlan Phased(VirtualMachine machine, IReadOnlyList<JobPhase> phases, int relationship, ReplicationState during, ReplicationState after) => new()
    {
        Phases = phases,
        AtStart = Enter(relationship, during),
        Ending = new JobEnding(EndingKind.Ends) { Change = Enter(relationship, after) },
        AfterCancel = Enter(relationship, machine.StateOf(relationship)),
    };

    /// <summary>The guest shuts down.</summary>
    public static JobPlan ShutDown(VirtualMachine machine)
        => Timed(machine, 20, new MachineChange { Power = EnabledState.Off }, new MachineChange { Power = EnabledState.Stopping });

    /// <summary>A relationship gets another state.</summary>
    public static MachineChange Enter(int relationship, ReplicationState state)
        => relationship == ChangedSettings.ExtendedRelationship ? new() { ExtendedState = state } : new() { ReplicationState = state };

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
        ExtendedState = change.ExtendedState is null ? null : machine.ExtendedState,
        Power = change.Power is null ? null : machine.Power,
        RemovesTestReplica = change.TestReplica is not null,
    };
}
