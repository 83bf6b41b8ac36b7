using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

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
