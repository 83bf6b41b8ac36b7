using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations.Kinds.Steps;

/// <summary>One kind of step: what it needs, which call it makes, and what proves that the call took effect.</summary>
internal sealed record StepDefinition
{
    /// <summary>The kind's name in the journal and in messages; never changed once released.</summary>
    public required string Name { get; init; }

    /// <summary>With which operations it shares a limit.</summary>
    public OperationLane Lane { get; init; } = OperationLane.Control;

    /// <summary>Whether it starts or moves production, so that it must rest on recent facts of both hosts.</summary>
    public bool NeedsTicket { get; init; }

    /// <summary>Whether a machine that a test failover made needs no ticket: it is nobody's production.</summary>
    public bool TestMachineNeedsNoTicket { get; init; }

    /// <summary>Whether it makes a second machine.</summary>
    public bool MakesTestMachine { get; init; }

    /// <summary>Whether the same call again changes nothing.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Whether the call's good end is only the beginning.</summary>
    public bool NeedsProof { get; init; }

    /// <summary>Whether only a job carries it out: a state that says that it is under way, without a job, is what a crash has left.</summary>
    public bool WorksOnlyInJobs { get; init; }

    /// <summary>The types of the jobs that the call starts.</summary>
    public required IReadOnlyList<JobType> Jobs { get; init; }

    /// <summary>The types of the jobs that go on with it.</summary>
    public IReadOnlyList<JobType> FurtherJobs { get; init; } = [];

    /// <summary>What the machine must be, in words.</summary>
    public required string Needs { get; init; }

    /// <summary>Whether the machine is that.</summary>
    public required Func<VirtualMachine, bool> Allows { get; init; }

    /// <summary>What the machine says about a call whose job is not to be seen.</summary>
    public required Func<MachineShown, StateVerdict> Judge { get; init; }

    /// <summary>Makes the call; null when the host offers no way to make it, with the reason in <see cref="Missing"/>.</summary>
    public required Func<StepTarget, CancellationToken, Task<ServiceAnswer?>> CallAsync { get; init; }

    /// <summary>Reads back what the call was to change: what is not as it must be, in words; null when it is. Unset for a kind that the machine's own state proves.</summary>
    public Func<HyperVHost, StepOrder, CancellationToken, Task<string?>>? ContradictionAsync { get; init; }

    /// <summary>Why there is no call to make.</summary>
    public string Missing { get; init; } = "the host no longer has the machine";
}

/// <summary>What a step's call is made with.</summary>
/// <param name="Host">The host.</param>
/// <param name="Order">The parameters.</param>
/// <param name="Machine">The machine as it was read.</param>
/// <param name="Records">Which machines test failovers have made here.</param>
internal sealed record StepTarget(HyperVHost Host, StepOrder Order, VirtualMachine Machine, TestMachineRecords Records)
{
    public VirtualMachineId Id => Machine.Id;

    public FailoverCalls Calls => Host.Failover;
}

/// <summary>The machine no longer has the recovery point; no call was made.</summary>
internal sealed class RecoveryPointMissingException(string identifier) : Exception($"The machine has no recovery point '{identifier}'.");

/// <summary>The machine has gone between the look at it and the call, to another node for instance; no call was made.</summary>
internal sealed class MachineGoneException : Exception;

/// <summary>There was no way to make a step's call; none was made.</summary>
internal sealed class StepNotPossibleException(string message) : Exception(message);

/// <summary>The facts that a step rests on were too old when it was about to be made; no call was made.</summary>
internal sealed class TicketExpiredException(string message) : Exception(message);
