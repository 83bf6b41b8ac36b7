namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>Another job is busy on the virtual machine from the simulation's beginning; calls answer 32774. Estate kind: <c>inUse</c>.</summary>
public sealed record InUseFault : Fault
{
    /// <summary>Msvm_ConcreteJob.JobType of the other job. Default 170, a backup.</summary>
    public ushort JobType { get; init; } = 170;

    /// <summary>How long the other job runs, in the host's own time. Null (the default): for ever.</summary>
    public TimeSpan? Duration { get; init; }
}
