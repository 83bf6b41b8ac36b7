using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// Somebody else works on the virtual machine: a job of another kind is busy, and calls answer 32774 meanwhile. It does not begin while
/// another job is busy. Estate kind: <c>inUse</c>.
/// </summary>
public sealed record InUseFault : Fault
{
    /// <summary>What the other job does. Default: a backup (170).</summary>
    public JobType JobType { get; init; } = JobType.Backup;

    /// <summary>When it begins, in host time from the simulation's beginning. Default: at the beginning.</summary>
    public TimeSpan After { get; init; }

    /// <summary>How long the other job runs, in the host's own time. Null (the default): for ever.</summary>
    public TimeSpan? Duration { get; init; }

    internal override Occurrence? Occurrence => new(After, new MachineChange { OtherJob = JobType, OtherJobSeconds = Duration?.TotalSeconds });

    internal override bool StrikesCalls => false;
}
