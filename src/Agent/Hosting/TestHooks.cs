using HostAgent.Agent.Operations;

namespace HostAgent.Agent.Hosting;

/// <summary>What tests may put in the place of the product's own; not reachable by any setting.</summary>
internal sealed record TestHooks
{
    /// <summary>Nothing in the place of anything.</summary>
    public static TestHooks None { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called when an operation reaches a checkpoint.</summary>
    public CheckpointReached? Checkpoint { get; init; }

    /// <summary>Connects to another host than the settings say.</summary>
    public Func<CancellationToken, Task<HostConnection>>? Connect { get; init; }
}
