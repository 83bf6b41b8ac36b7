using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The reported percentage drops once and then rises again; the work itself goes on. Estate kind: <c>percentGoesBack</c>.</summary>
public sealed record PercentGoesBackFault : Fault
{
    /// <summary>Where it drops, in percent, 1 to 99. Default 60.</summary>
    public double AtPercent { get; init; } = 60;

    /// <summary>By how many points, 1 to <see cref="AtPercent"/>. Default 30.</summary>
    public double By { get; init; } = 30;

    internal override JobPlan Shape(JobPlan plan) => plan with { Percent = new PercentCurve { DropsAt = AtPercent, DropsBy = By } };
}
