using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Jobs;

/// <summary>What one look at the host showed about one followed operation.</summary>
internal sealed record JobObservation
{
    /// <summary>The job; null when the operation has none, or it is gone.</summary>
    public ConcreteJob? Job { get; init; }

    /// <summary>The job was read by its path and is gone.</summary>
    public bool JobGone { get; init; }

    /// <summary>Whether the machines were read in this poll; only then does <see cref="Machine"/> mean anything.</summary>
    public bool MachinesRead { get; init; }

    /// <summary>The machine; null when it is not on this host.</summary>
    public VirtualMachine? Machine { get; init; }

    /// <summary>How long the host was unreachable before this poll; zero when it was not.</summary>
    public TimeSpan OutOfSight { get; init; }
}
