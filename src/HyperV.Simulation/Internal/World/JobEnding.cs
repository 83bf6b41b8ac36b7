using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>How a job ends.</summary>
/// <param name="Kind">What happens when its work is done.</param>
internal sealed record JobEnding(EndingKind Kind)
{
    /// <summary>The terminal JobState.</summary>
    public JobState JobState { get; init; } = JobState.Completed;

    /// <summary>Msvm_ConcreteJob.ErrorCode.</summary>
    public ushort ErrorCode { get; init; }

    /// <summary>The error text; null for one that fits the code.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>What else changes about the machine; null for nothing.</summary>
    public MachineChange? Change { get; init; }

    /// <summary>The replication state set; null leaves it.</summary>
    public ReplicationState? ReplicationState { get; init; }
}
