using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// The job and its record disappear without an ending; the replication state stays as it was at that moment, unless told otherwise.
/// Estate kind: <c>jobVanishes</c>.
/// </summary>
public sealed record JobVanishesFault : Fault
{
    /// <summary>How far the job gets, in percent of its work, 0 to 100. Default 40.</summary>
    public double AtPercent { get; init; } = 40;

    /// <summary>The replication state found afterwards. Null (the default): 13, FailbackInProgress, as before.</summary>
    public ReplicationState? State { get; init; }

    internal override JobPlan Shape(JobPlan plan)
        => plan.CutAt(AtPercent) with { Ending = new JobEnding(EndingKind.Vanishes) { ReplicationState = State } };
}
