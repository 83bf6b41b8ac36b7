using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The job stops advancing and never ends unless it is cancelled. Estate kind: <c>percentStuck</c>.</summary>
public sealed record PercentStuckFault : Fault
{
    /// <summary>Where it stops, in percent, 0 to 99. Default 40.</summary>
    public double AtPercent { get; init; } = 40;

    internal override JobPlan Shape(JobPlan plan)
        => plan.CutAt(AtPercent) with { Ending = new JobEnding(EndingKind.Holds) };
}
