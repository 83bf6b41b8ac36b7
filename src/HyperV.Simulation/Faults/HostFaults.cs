using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// The host's management service restarts when the job reaches a percentage: all jobs of the host are gone, all states are kept.
/// Happens once by default. Estate kind: <c>hostRestarts</c>.
/// </summary>
public sealed record HostRestartsFault : Fault
{
    /// <summary>Creates the fault; it affects the first call only unless <see cref="Fault.Times"/> says otherwise.</summary>
    public HostRestartsFault() => Times = 1;

    /// <summary>The progress of the job at that point, in percent of its work, 0 to 100. Default 50.</summary>
    public double AtPercent { get; init; } = 50;

    internal override JobPlan Shape(JobPlan plan)
        => plan.CutAt(AtPercent) with { Ending = new JobEnding(EndingKind.HostRestarts) };
}

/// <summary>
/// Another operation uses the virtual machine: a job of another kind is running, and calls answer 32774 meanwhile. It does not start
/// while another job is running. Estate kind: <c>inUse</c>.
/// </summary>
public sealed record InUseFault : Fault
{
    /// <summary>The type of the other job. Default: a backup (170).</summary>
    public JobType JobType { get; init; } = JobType.Backup;

    /// <summary>When it starts, in host time from the start of the simulation. Default: at the start.</summary>
    public TimeSpan After { get; init; }

    /// <summary>How long the other job runs, in host time. Null (the default): forever.</summary>
    public TimeSpan? Duration { get; init; }

    internal override Occurrence? Occurrence => new(After, new MachineChange { OtherJob = JobType, OtherJobSeconds = Duration?.TotalSeconds });

    internal override bool AffectsCalls => false;
}

/// <summary>
/// A disk's file is missing, as when its volume is offline: reading it, and a failback of its virtual machine, answer 32779.
/// Estate kind: <c>diskMissing</c>.
/// </summary>
public sealed record DiskMissingFault : Fault
{
    /// <summary>The number of the virtual machine's disk, from 1. Default: the first.</summary>
    public int Disk { get; init; } = 1;

    internal override FaultAnswer Answer => new(ReturnCode.FileNotFound, TakesEffect: false);
}

/// <summary>
/// The virtual machine moves to another cluster node or is deleted: it and its jobs disappear from this host, either at a
/// given time or during its failback. Estate kind: <c>leaves</c>.
/// </summary>
public sealed record LeavesFault : Fault
{
    /// <summary>When it leaves, in host time from the start. Null (the default): when its failback reaches <see cref="AtPercent"/>.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>The progress of the failback at that point, in percent of its work, 0 to 100. Default 40. Ignored if <see cref="After"/> is set.</summary>
    public double AtPercent { get; init; } = 40;

    /// <summary>How long until it comes back, in host time. Null (the default): never.</summary>
    public TimeSpan? ReturnsAfter { get; init; }

    internal override Occurrence? Occurrence => After is { } time ? new Occurrence(time, Change) : null;

    internal override bool AffectsCalls => After is null;

    private MachineChange Change => new()
    {
        IsHere = false,
        NextAfterSeconds = ReturnsAfter?.TotalSeconds ?? 0,
        Next = ReturnsAfter is null ? null : new MachineChange { IsHere = true },
    };

    internal override JobPlan Shape(JobPlan plan)
        => After is null ? plan.CutAt(AtPercent) with { Ending = new JobEnding(EndingKind.Vanishes) { Change = Change } } : plan;
}

/// <summary>The virtual machine gets another display name; its identifier does not change. Estate kind: <c>renamed</c>.</summary>
/// <param name="Name">The new name.</param>
public sealed record RenamedFault(string Name) : Fault
{
    /// <summary>When, in host time from the start. Default: 10 minutes.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    internal override Occurrence? Occurrence => new(After, new MachineChange { Name = Name });

    internal override bool AffectsCalls => false;
}

/// <summary>All recovery points of the virtual machine disappear after a plan was based on them: a call that names one answers 32773. Estate kind: <c>recoveryPointsGone</c>.</summary>
public sealed record RecoveryPointsGoneFault : Fault
{
    /// <summary>When, in host time from the start. Default: 10 minutes.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    internal override Occurrence? Occurrence => new(After, new MachineChange { RemovesRecoveryPoints = true });

    internal override bool AffectsCalls => false;
}
