using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;
using EnabledState = HostAgent.HyperV.VirtualMachines.EnabledState;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>A method that starts a job on a virtual machine, other than InitiateFailback.</summary>
/// <param name="Declaration">Its name and parameters.</param>
/// <param name="IsOf">Whether an object has this method.</param>
/// <param name="MachineArgument">The argument that refers to the machine; null for a method of the machine itself.</param>
/// <param name="Judge">Decides on a call once the machine is found and not busy.</param>
internal sealed record MachineOperation(
    CimMethod Declaration, Func<object, bool> IsOf, string? MachineArgument, Func<OperationCall, OperationDecision> Judge)
{
    /// <summary>Finds the machine in an argument that is not a reference to it; null when the argument is one.</summary>
    public Func<HostWorld, object?, VirtualMachine?>? Find { get; init; }

    /// <summary>A service method with the machine as a reference argument.</summary>
    public static MachineOperation OfService<T>(CimMethod declaration, string argument, Func<OperationCall, OperationDecision> judge)
        => new(declaration, target => target is T, argument, judge);

    /// <summary>A method of the replication service.</summary>
    public static MachineOperation OfReplicationService(string method, Func<OperationCall, OperationDecision> judge)
        => OfService<ReplicationService>(ReplicationServiceMethods.Find(method)!, "ComputerSystem", judge);

    /// <summary>A method of the machine itself.</summary>
    public static MachineOperation OfMachine(CimMethod declaration, Func<OperationCall, OperationDecision> judge)
        => new(declaration, target => target is VirtualMachine, MachineArgument: null, judge);
}

/// <summary>One call of an operation.</summary>
/// <param name="World">The host's current state.</param>
/// <param name="Model">Paths and objects.</param>
/// <param name="Machine">The machine it is about.</param>
/// <param name="Inputs">The arguments.</param>
internal sealed record OperationCall(HostWorld World, ObjectModel Model, VirtualMachine Machine, IReadOnlyDictionary<string, object?> Inputs)
{
    /// <summary>An integer argument; null when it is missing or not an integer.</summary>
    public long? Number(string name) => Inputs.GetValueOrDefault(name) is byte or sbyte or short or ushort or int or uint or long
        ? Convert.ToInt64(Inputs[name], CultureInfo.InvariantCulture)
        : null;
}

/// <summary>The outcome of a call: a refusal, or a job.</summary>
/// <param name="Code">The return code.</param>
/// <param name="Reason">The observed value, for the log; empty when a job starts.</param>
internal sealed record OperationDecision(ReturnCode Code, string Reason)
{
    public JobType JobType { get; private init; }

    public JobPlan? Plan { get; private init; }

    public static OperationDecision Refuse(ReturnCode code, string reason) => new(code, reason);

    /// <summary>The machine's state, mode or power does not allow it.</summary>
    public static OperationDecision InvalidState(string reason) => new(ReturnCode.InvalidState, reason);

    public static OperationDecision Start(JobType type, JobPlan plan) => new(ReturnCode.JobStarted, string.Empty) { JobType = type, Plan = plan };
}

/// <summary>Plans of operations with a fixed duration.</summary>
internal static class OperationPlans
{
    /// <summary>A cancellable job with a duration in seconds of host time. When cancelled, it restores the machine's former state.</summary>
    public static JobPlan Timed(VirtualMachine machine, double seconds, MachineChange atEnd, MachineChange? atStart = null)
        => Of(machine, new JobPhase(PhaseKind.Other, seconds, 1, 0, 100), atEnd, atStart);

    /// <summary>The same, but not cancellable once it runs.</summary>
    public static JobPlan Merging(VirtualMachine machine, double seconds, MachineChange atEnd)
        => Of(machine, new JobPhase(PhaseKind.Merge, seconds, 1, 0, 100), atEnd, atStart: null);

    /// <summary>Work in several phases; the relationship has one state during it and another afterwards. When cancelled, it restores the former state.</summary>
    public static JobPlan Phased(VirtualMachine machine, IReadOnlyList<JobPhase> phases, int relationship, ReplicationState during, ReplicationState after) => new()
    {
        Phases = phases,
        AtStart = Enter(relationship, during),
        Ending = new JobEnding(EndingKind.Ends) { Change = Enter(relationship, after) },
        AfterCancel = Enter(relationship, machine.StateOf(relationship)),
    };

    public static JobPlan ShutDown(VirtualMachine machine)
        => Timed(machine, machine.Description.Guest.ShutdownTime.TotalSeconds, new MachineChange { Power = EnabledState.Off }, new MachineChange { Power = EnabledState.Stopping });

    /// <summary>Sets a relationship's state.</summary>
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
