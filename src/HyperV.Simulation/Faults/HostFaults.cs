using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// The host's management service restarts when the job has got so far: all jobs of the host are gone, all states stay.
/// By default it happens once. Estate kind: <c>hostRestarts</c>.
/// </summary>
public sealed record HostRestartsFault : Fault
{
    /// <summary>Creates the fault; it strikes the first call only unless <see cref="Fault.Times"/> says otherwise.</summary>
    public HostRestartsFault() => Times = 1;

    /// <summary>How far the job gets, in percent of its work, 0 to 100. Default 50.</summary>
    public double AtPercent { get; init; } = 50;

    internal override JobPlan Shape(JobPlan plan)
        => plan.CutAt(AtPercent) with { Ending = new JobEnding(EndingKind.HostRestarts) };
}

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

/// <summary>
/// The file of a disk is not there, as when its volume is offline: reading it, and a failback of its virtual machine, answer 32779.
/// Estate kind: <c>diskMissing</c>.
/// </summary>
public sealed record DiskMissingFault : Fault
{
    /// <summary>Which disk of the virtual machine, from 1. Default: the first.</summary>
    public int Disk { get; init; } = 1;

    internal override FaultAnswer Answer => new(ReturnCode.FileNotFound, TakesEffect: false);
}

/// <summary>
/// The virtual machine moves to another node of its cluster, or is deleted: this host has neither it nor its jobs any more. Either at a
/// time, or in the middle of its failback. Estate kind: <c>leaves</c>.
/// </summary>
public sealed record LeavesFault : Fault
{
    /// <summary>When it leaves, in host time from the beginning. Null (the default): when a failback of it has got to <see cref="AtPercent"/>.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>How far the failback gets, in percent of its work, 0 to 100. Default 40. Without a meaning where <see cref="After"/> is given.</summary>
    public double AtPercent { get; init; } = 40;

    /// <summary>How long after that it comes back, in host time. Null (the default): never.</summary>
    public TimeSpan? ReturnsAfter { get; init; }

    internal override Occurrence? Occurrence => After is { } time ? new Occurrence(time, Change) : null;

    internal override bool StrikesCalls => After is null;

    private MachineChange Change => new()
    {
        IsHere = false,
        NextAfterSeconds = ReturnsAfter?.TotalSeconds ?? 0,
        Next = ReturnsAfter is null ? null : new MachineChange { IsHere = true },
    };

    internal override JobPlan Shape(JobPlan plan)
        => After is null ? plan.CutAt(AtPercent) with { Ending = new JobEnding(EndingKind.Vanishes) { Change = Change } } : plan;
}

/// <summary>Somebody gives the virtual machine another display name; its identifier stays. Estate kind: <c>renamed</c>.</summary>
/// <param name="Name">The new name.</param>
public sealed record RenamedFault(string Name) : Fault
{
    /// <summary>When, in host time from the beginning. Default: 10 minutes.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    internal override Occurrence? Occurrence => new(After, new MachineChange { Name = Name });

    internal override bool StrikesCalls => false;
}

/// <summary>All recovery points of the virtual machine go, as a plan was made on them: a call that names one answers 32773. Estate kind: <c>recoveryPointsGone</c>.</summary>
public sealed record RecoveryPointsGoneFault : Fault
{
    /// <summary>When, in host time from the beginning. Default: 10 minutes.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    internal override Occurrence? Occurrence => new(After, new MachineChange { RemovesRecoveryPoints = true });

    internal override bool StrikesCalls => false;
}
