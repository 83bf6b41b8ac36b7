using HostAgent.Agent.Jobs;
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
