using System.Collections.Concurrent;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations;

/// <summary>All operations of this host: accepts new ones, finds known ones, resumes them after a restart.</summary>
internal sealed partial class HostOperations(
    OperationContext context,
    OperationJournal journal,
    UnaccountedFailbacks lost,
    HostLanes lanes,
    LiveOperations live,
    IReadOnlyList<IOperationKind> kinds,
    ILogger<HostOperations> logger) : IAsyncDisposable
{
    private readonly Dictionary<string, IOperationKind> _kinds = kinds.ToDictionary(kind => kind.Name);
    private readonly ConcurrentDictionary<Guid, Task> _running = new();
    private readonly CampaignClaims _claims = new();
    // Acceptance queries the host, which may take seconds: serialized per machine and per id, not per host.
    private readonly KeyedLock _accepting = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _draining;
    private volatile bool _disposed;

    /// <summary>The queue of failbacks and copies, and its limit.</summary>
    public HostQueue Queue => lanes.Data;

    /// <summary>No new operations are accepted.</summary>
    public bool IsDraining => _draining;

    /// <summary>Cancelled when the agent stops: streams end, operations continue on the host.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Resumes every operation in the journal that is not terminal.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var claim in await journal.ReadClaimsAsync(cancellationToken))
        {
            _claims.Restore(claim);
        }

        var left = await journal.ListAsync(new OperationQuery(int.MaxValue, LiveOnly: true), cancellationToken);
        // What the host already runs takes its slots first; the others are queued again in their order.
        foreach (var operation in left.OrderBy(operation => operation.State == OperationState.Queued).ThenBy(operation => operation.Ordinal))
        {
            var kind = _kinds.GetValueOrDefault(operation.Facts.Kind)
                ?? throw new JournalException($"The journal has an operation of the unknown kind '{operation.Facts.Kind}': run the newer agent that wrote it.");
            Launch(operation, kind, operation.State == OperationState.Queued ? lanes[kind.Lane].Requeue() : lanes[kind.Lane].EnterRunning(), leftBehind: true, accepted: null);
        }

        LogRecovered(logger, left.Count, lanes.Data.Waiting, context.HostName);
        await lost.NameAsync(cancellationToken);
    }

    /// <summary>Accepts an operation, or joins the one that has this id and an equal request.</summary>
    /// <exception cref="OperationRefusedException">Nothing was started, and why.</exception>
    public async Task AcceptAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        using var byId = await _accepting.EnterAsync($"operation {request.OperationId}", cancellationToken);
        if (_draining)
        {
            throw Refusals.Draining(context.HostName);
        }

        if (await FindAsync(request.OperationId, cancellationToken) is { } known)
        {
            await JoinAsync(request, known);
            if (!known.State.IsTerminal() && live.Find(request.OperationId) is null)
            {
                // The journal took it although the caller got an error; the caller has retried.
                Launch(known, request.Kind, lanes[request.Kind.Lane].Requeue(), leftBehind: true, accepted: null);
            }

            return;
        }

        using var byMachine = await _accepting.EnterAsync($"machine {request.VirtualMachineId}", cancellationToken);
        _claims.Check(request.Claim);
        var queue = lanes[request.Kind.Lane];
        if (LiveOn(request.VirtualMachineId) is { } other && !await GivesWayAsync(other, request, cancellationToken))
        {
            throw Refusals.InProgress(other.Snapshot.Facts);
        }

        if (queue.IsFull)
        {
            throw Refusals.QueueFull(context.HostName, queue.Capacity);
        }

        await lost.RefuseAsync(request, cancellationToken);
        var preparedAt = context.Time.GetTimestamp();
        var call = await request.Kind.PrepareAsync(request.Request, cancellationToken);
        // Checked again: querying the host took time.
        _claims.Hold(request.Claim, request.Connection);
        var ticket = queue.TryEnter() ?? throw Refusals.QueueFull(context.HostName, queue.Capacity);
        try
        {
            // From here on, a caller that disconnects changes nothing.
            await StartAsync(request, new AcceptedCall(call, preparedAt), ticket);
        }
        catch (JournalException exception)
        {
            ticket.Dispose();
            LogNotAccepted(logger, exception, request.OperationId, request.VirtualMachineId, context.HostName, request.Campaign?.CampaignId);
            throw Refusals.JournalUnwritable(context.HostName, exception);
        }
        catch
        {
            ticket.Dispose();
            throw;
        }
    }

    /// <summary>Makes a claim durable and returns the journal's position after it.</summary>
    /// <exception cref="OperationRefusedException">The claim may not act, or the journal did not take it.</exception>
    public async Task<JournalPosition> ClaimAsync(CampaignClaim claim, CancellationToken connection)
    {
        if (_draining)
        {
            throw Refusals.Draining(context.HostName);
        }

        _claims.Hold(claim, connection);
        try
        {
            var token = Guid.NewGuid();
            await journal.ClaimAsync(claim, token, context.Time.GetUtcNow());
            return journal.Position with { ClaimToken = token };
        }
        catch (JournalException exception)
        {
            throw Refusals.JournalUnwritable(context.HostName, exception);
        }
    }

    /// <summary>Finds an operation, live or finished; null when the journal does not have it.</summary>
    public async Task<OperationSnapshot?> FindAsync(Guid operationId, CancellationToken cancellationToken)
        => live.Find(operationId) is { } found ? found.Log.View.Seen : await journal.FindAsync(operationId, cancellationToken);

    /// <summary>Lists operations, newest first.</summary>
    public async Task<IReadOnlyList<OperationSnapshot>> ListAsync(OperationQuery query, CancellationToken cancellationToken)
    {
        var recorded = await journal.ListAsync(query, cancellationToken);
        return [.. recorded.Select(operation => live.Find(operation.Facts.OperationId)?.Log.View.Seen ?? operation)];
    }

    /// <summary>Place of an operation in the queue now, from 1; 0 when it is not queued.</summary>
    public int QueuePositionOf(Guid operationId) => live.Find(operationId)?.QueuePosition ?? 0;

    /// <summary>The operation that is not terminal on a machine; null when there is none.</summary>
    public LiveOperation? LiveOn(string virtualMachineId) => live.On(virtualMachineId);

    /// <summary>Stops accepting operations and ends streams. What runs continues on the host.</summary>
    public void Drain()
    {
        // An application that is disposed of without a stop may hear that it is stopping afterwards.
        if (_disposed)
        {
            return;
        }

        _draining = true;
        LogDraining(logger, lanes.Data.Running, lanes.Data.Waiting, context.HostName);
        _stop.Cancel();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _draining = true;
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stop.Dispose();
    }

    // A copy that still waits for its turn is taken back for a step that takes seconds: an outage must not last because of it.
    private static async Task<bool> GivesWayAsync(LiveOperation other, OperationRequest request, CancellationToken cancellationToken)
    {
        if (!request.Kind.IsFencedByFacts || !other.Kind.IsFencedByFacts || other.Kind.Lane != OperationLane.Data || request.Kind.Lane != OperationLane.Control)
        {
            return false;
        }

        var dequeued = await other.Log.TryRecordAsync(
            now => CancelRule.MayBeDequeued(now) ? NextEvent.Conclusion(now, CancelRule.Dequeued(now, $"Gave way to operation {request.OperationId} ({request.Kind.Name}).")) : null,
            cancellationToken);
        if (dequeued is not null)
        {
            other.Run.Wake();
        }

        return dequeued is not null;
    }

    private async Task JoinAsync(OperationRequest request, OperationSnapshot known)
    {
        if (!known.Facts.RequestHash.Span.SequenceEqual(request.RequestHash.Span))
        {
            throw Refusals.IdReused(known.Facts);
        }

        // Durable before the caller is admitted: an earlier owner must stay out even after a restart.
        if (_claims.Hold(request.Claim, request.Connection))
        {
            await journal.ClaimAsync(request.Claim!);
        }
    }

    private async Task StartAsync(OperationRequest request, AcceptedCall accepted, QueueTicket ticket)
    {
        var (now, machine) = (context.Time.GetUtcNow(), accepted.Call.Machine);
        var facts = new OperationFacts
        {
            OperationId = request.OperationId,
            Kind = request.Kind.Name,
            VirtualMachineId = request.VirtualMachineId,
            VirtualMachineName = machine.Name,
            Request = request.Request,
            RequestHash = request.RequestHash,
            Campaign = request.Campaign,
            RequestedBy = request.RequestedBy,
            CreateTime = now,
        };
        var position = ticket.Position;
        var operation = await journal.AcceptAsync(facts, new OperationEvent
        {
            Sequence = 1,
            Time = now,
            Kind = OperationEventKind.Accepted,
            State = OperationState.Queued,
            QueuePosition = position,
            ReplicationState = (int)machine.ReplicationState,
            Host = context.HostName,
            Explanation = position == 0 ? "Accepted." : $"Accepted; waiting for a free slot, position {position}.",
        }, request.Claim);
        LogAccepted(logger, facts.Kind, facts.RequestedBy, position, facts.OperationId, facts.VirtualMachineId, context.HostName, facts.Campaign?.CampaignId);
        Launch(operation, request.Kind, ticket, leftBehind: false, position == 0 ? accepted : null);
    }

    private void Launch(OperationSnapshot operation, IOperationKind kind, QueueTicket ticket, bool leftBehind, AcceptedCall? accepted)
    {
        var log = new OperationLog(operation, journal, context.HostName, context.Time, logger);
        var launched = new LiveOperation(log, new OperationRun(log, kind, ticket, context, leftBehind, accepted, logger), ticket, kind);
        live.Add(launched);
        _running[operation.Facts.OperationId] = Task.Run(() => RunAsync(launched));
    }

    private async Task RunAsync(LiveOperation operation)
    {
        try
        {
            await operation.Run.RunAsync(_stop.Token);
        }
        finally
        {
            // Stopped operations stay listed: they are still running on the host.
            if (operation.Snapshot.State.IsTerminal())
            {
                live.Remove(operation);
                operation.Ticket.Dispose();
                _running.TryRemove(operation.Snapshot.Facts.OperationId, out _);
            }
        }
    }
}
