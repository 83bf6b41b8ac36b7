using HostAgent.Agent.Operations;

namespace HostAgent.Agent.Hosting;

/// <summary>Test hooks; not reachable from configuration.</summary>
internal sealed record TestHooks
{
    /// <summary>No overrides.</summary>
    public static TestHooks None { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called when an operation reaches a checkpoint.</summary>
    public CheckpointReached? Checkpoint { get; init; }

    /// <summary>Connects to another host than the settings say.</summary>
    public Func<CancellationToken, Task<HostConnection>>? Connect { get; init; }

    /// <summary>Changes the agent's services after they were added.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
