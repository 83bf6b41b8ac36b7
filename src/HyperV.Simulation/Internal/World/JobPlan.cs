using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>
/// Everything a job is going to do, decided when it is accepted and kept in the state file: how a job goes on is
/// not changed by an estate that is edited while it runs.
/// </summary>
internal sealed record JobPlan
{
    /// <summary>The work, in order.</summary>
    public required IReadOnlyList<JobPhase> Phases { get; init; }

    /// <summary>What changes about the machine as the job begins; null for nothing.</summary>
    public MachineChange? AtStart { get; init; }

    /// <summary>What happens at its end.</summary>
    public required JobEnding Ending { get; init; }

    /// <summary>The job's class; null for Msvm_ConcreteJob.</summary>
    public SimulatedJobClass? JobClass { get; init; }

    /// <summary>How progress is shown.</summary>
    public PercentCurve Percent { get; init; } = new();

    /// <summary>The replication state after a failure; null leaves it.</summary>
    public ReplicationState? StateAfterFailure { get; init; }

    /// <summary>The replication state after a cancellation; null leaves it.</summary>
    public ReplicationState? StateAfterCancel { get; init; }

    /// <summary>What else is as it was before, after a cancellation; null for nothing.</summary>
    public MachineChange? AfterCancel { get; init; }

    /// <summary>The same plan, whose work stops at a percentage.</summary>
    public JobPlan CutAt(double percent)
    {
        var kept = new List<JobPhase>(Phases.Count);
        foreach (var phase in Phases)
        {
            if (phase.To <= percent)
            {
                kept.Add(phase);
            }
            else if (phase.From < percent)
            {
                var share = (percent - phase.From) / (phase.To - phase.From);
                kept.Add(phase with { Work = phase.Work * share, To = percent });
            }
        }

        return this with { Phases = kept };
    }
}
