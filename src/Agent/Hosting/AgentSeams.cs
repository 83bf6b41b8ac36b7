using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations;
using HostAgent.HyperV.Cim;

namespace HostAgent.Agent.Hosting;

/// <summary>What tests may put in the place of the product's own; not reachable by any setting.</summary>
internal sealed record AgentSeams
{
    /// <summary>Nothing in the place of anything.</summary>
    public static AgentSeams None { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called when an operation reaches a checkpoint.</summary>
    public CheckpointReached? Checkpoint { get; init; }

    /// <summary>Stands between the agent and its host's session.</summary>
    public Func<ICimSession, ICimSession>? WrapSession { get; init; }

    /// <summary>Changes how fast the host is taken to be.</summary>
    public Func<HostTiming, HostTiming>? Timing { get; init; }
}
