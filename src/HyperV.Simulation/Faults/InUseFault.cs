using HostAgent.HyperV.Jobs;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>Another job is busy on the virtual machine from the simulation's beginning; calls answer 32774 meanwhile. Estate kind: <c>inUse</c>.</summary>
public sealed record InUseFault : Fault
{
    /// <summary>What the other job does. Default: a backup (170).</summary>
    public JobType JobType { get; init; } = JobType.Backup;

    /// <summary>How long the other job runs, in the host's own time. Null (the default): for ever.</summary>
    public TimeSpan? Duration { get; init; }

    internal override bool StrikesCalls => false;
}
