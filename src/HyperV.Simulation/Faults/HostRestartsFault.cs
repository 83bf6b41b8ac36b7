using HostAgent.HyperV.Simulation.Internal.World;

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
