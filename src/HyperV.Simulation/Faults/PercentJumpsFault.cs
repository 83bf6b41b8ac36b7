using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The job reports 0 percent until it is done. Estate kind: <c>percentJumps</c>.</summary>
public sealed record PercentJumpsFault : Fault
{
    internal override JobPlan Shape(JobPlan plan) => plan with { Percent = new PercentCurve { Jumps = true } };
}
