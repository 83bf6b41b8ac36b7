using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations;

/// <summary>Streams the events of operations: live ones from memory, older ones from the journal.</summary>
internal sealed class OperationStreams(LiveOperations operations, OperationJournal journal)
{
    private const int EventsPerRead = 256;

    /// <summary>
    /// Every recorded event after a sequence, then new ones as they happen, with the newest percentage in between; ends after the terminal one.
    /// </summary>
    /// <exception cref="OperationRefusedException">There is no such operation.</exception>
    public async IAsyncEnumerable<OperationEvent> WatchAsync(
        Guid operationId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var live = operations.Find(operationId);
        var operation = live?.Snapshot ?? await journal.FindAsync(operationId, cancellationToken) ?? throw Refusals.NotFound(operationId);
        var sent = afterSequence;
        OperationEvent? shown = null;
        while (true)
        {
            var view = live?.Log.View;
            var snapshot = view?.Snapshot ?? operation;
            while (sent < snapshot.Sequence)
            {
                foreach (var recorded in await EventsAsync(snapshot, view, sent, cancellationToken))
                {
                    yield return recorded;
                    sent = recorded.Sequence;
                }
            }

            if (view is null || snapshot.State.IsTerminal())
            {
                yield break;
            }

            if (view.Live is { } percent && percent.Sequence == sent && !ReferenceEquals(percent, shown))
            {
                yield return shown = percent;
            }

            await view.Next.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<OperationEvent>> EventsAsync(
        OperationSnapshot snapshot, OperationView? view, long after, CancellationToken cancellationToken)
    {
        if (view is { } recent && recent.Recent[0].Sequence <= after + 1)
        {
            return [.. recent.Recent.Where(recorded => recorded.Sequence > after)];
        }

        var events = await journal.ReadEventsAsync(snapshot.Ordinal, after, EventsPerRead, cancellationToken);
        return events.Count > 0
            ? events
            : throw new JournalException($"The journal lacks the events of operation {snapshot.Facts.OperationId} after {after}.");
    }
}

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
