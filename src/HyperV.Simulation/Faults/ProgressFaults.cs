using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The reported percentage drops once and then rises again; the work itself continues. Estate kind: <c>percentGoesBack</c>.</summary>
public sealed record PercentGoesBackFault : Fault
{
    /// <summary>The percentage at which it drops, 1 to 99. Default 60.</summary>
    public double AtPercent { get; init; } = 60;

    /// <summary>By how many points, 1 to <see cref="AtPercent"/>. Default 30.</summary>
    public double By { get; init; } = 30;

    internal override JobPlan Shape(JobPlan plan) => plan with { Percent = new PercentCurve { DropsAt = AtPercent, DropsBy = By } };
}

/// <summary>The job reports 0 percent until it is done. Estate kind: <c>percentJumps</c>.</summary>
public sealed record PercentJumpsFault : Fault
{
    internal override JobPlan Shape(JobPlan plan) => plan with { Percent = new PercentCurve { Jumps = true } };
}

/// <summary>The job stops making progress and never ends unless it is cancelled. Estate kind: <c>percentStuck</c>.</summary>
public sealed record PercentStuckFault : Fault
{
    /// <summary>The percentage at which it stops, 0 to 99. Default 40.</summary>
    public double AtPercent { get; init; } = 40;

    internal override JobPlan Shape(JobPlan plan)
        => plan.CutAt(AtPercent) with { Ending = new JobEnding(EndingKind.Holds) };
}
