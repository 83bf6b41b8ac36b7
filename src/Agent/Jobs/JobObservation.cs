using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Jobs;

/// <summary>What one look at the host showed about one followed operation.</summary>
internal sealed record JobObservation
{
    /// <summary>The job; null when the operation has none, or it is gone.</summary>
    public ConcreteJob? Job { get; init; }

    /// <summary>The host was asked for the job by its path and does not have it.</summary>
    public bool JobGone { get; init; }

    /// <summary>Whether the machines were read with this look; only then does <see cref="Machine"/> mean anything.</summary>
    public bool MachinesRead { get; init; }

    /// <summary>The machine; null when it is not on this host.</summary>
    public VirtualMachine? Machine { get; init; }

    /// <summary>How long the host could not be asked before this look; zero when it could.</summary>
    public TimeSpan OutOfSight { get; init; }
}
