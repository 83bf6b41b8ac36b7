using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV;

namespace HostAgent.Agent.Operations;

/// <summary>What every operation of this host works with.</summary>
/// <param name="HostName">The host's name, for logs and messages.</param>
/// <param name="Host">The host.</param>
/// <param name="Watch">The one watch on its jobs.</param>
/// <param name="Timing">How fast the host does things.</param>
/// <param name="NoProgressAfter">After how long without any change a running operation says so.</param>
/// <param name="Time">The agent's clock.</param>
/// <param name="Checkpoint">Called at the moments that tests stop at; null in the product.</param>
internal sealed record OperationContext(
    string HostName,
    HyperVHost Host,
    JobWatch Watch,
    HostTiming Timing,
    TimeSpan NoProgressAfter,
    TimeProvider Time,
    CheckpointReached? Checkpoint);

/// <summary>Points at which tests stop or kill an operation; the product passes through.</summary>
internal enum OperationCheckpoint
{
    /// <summary>Journaled, before the intent to call.</summary>
    BeforeIntent,

    /// <summary>The intent is durable, the call is not made.</summary>
    BeforeCall,

    /// <summary>The host has answered, the answer is not durable.</summary>
    AfterCall,

    /// <summary>The job was observed running; reached at each such observation.</summary>
    JobAtWork,

    /// <summary>The job's end has been seen, and is not durable.</summary>
    BeforeConclusion,
}

/// <summary>Reached by an operation at a checkpoint.</summary>
internal delegate Task CheckpointReached(OperationCheckpoint checkpoint, OperationSnapshot operation, CancellationToken cancellationToken);
