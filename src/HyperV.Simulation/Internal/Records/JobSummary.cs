using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>A job as it stood when a summary was drawn up.</summary>
internal sealed record JobSummary
{
    public required Guid Id { get; init; }

    public JobType Type { get; init; }

    public required Guid MachineId { get; init; }

    public required JobPlan Plan { get; init; }

    public bool IsOccurrence { get; init; }

    /// <summary>The phase it is in, by its place in the plan.</summary>
    public int Phase { get; init; }

    /// <summary>How much of the phase was done at <see cref="BaseTicks"/>.</summary>
    public double Done { get; init; }

    public long BaseTicks { get; init; }

    public long SubmittedTicks { get; init; }

    public long? StartedTicks { get; init; }

    public long? EndedTicks { get; init; }

    public long StateChangedTicks { get; init; }

    public long RemoveAtTicks { get; init; }

    public bool HasSlot { get; init; }
}
