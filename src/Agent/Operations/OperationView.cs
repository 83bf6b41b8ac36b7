using System.Collections.Immutable;

namespace HostAgent.Agent.Operations;

/// <summary>One consistent look at a live operation, shared by all of its watchers.</summary>
/// <param name="Snapshot">The operation with its last recorded event.</param>
/// <param name="Recent">The newest recorded events, oldest first; older ones are in the journal.</param>
/// <param name="Live">The newest percent update since the last recorded event; null when there is none.</param>
/// <param name="Next">Completes when this look is outdated.</param>
internal sealed record OperationView(
    OperationSnapshot Snapshot, ImmutableArray<OperationEvent> Recent, OperationEvent? Live, Task Next)
{
    /// <summary>The operation with the job as last seen, which may be newer than the last recorded event.</summary>
    public OperationSnapshot Seen => Live is { } live
        ? Snapshot with { Last = Snapshot.Last with { Job = live.Job, PercentComplete = live.PercentComplete } }
        : Snapshot;
}
