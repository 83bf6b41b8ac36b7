using System.Collections.Concurrent;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations;

/// <summary>The operations that are not terminal, by their id and by their machine.</summary>
internal sealed class LiveOperations
{
    private readonly ConcurrentDictionary<Guid, LiveOperation> _byId = new();
    private readonly ConcurrentDictionary<string, LiveOperation> _byMachine = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The operation with an id; null when it is not live.</summary>
    public LiveOperation? Find(Guid operationId) => _byId.GetValueOrDefault(operationId);

    /// <summary>The operation on a machine; null when there is none.</summary>
    public LiveOperation? On(string virtualMachineId)
        => _byMachine.TryGetValue(virtualMachineId, out var live) && !live.Snapshot.State.IsTerminal() ? live : null;

    /// <summary>Takes an operation in.</summary>
    public void Add(LiveOperation live)
    {
        var facts = live.Snapshot.Facts;
        _byId[facts.OperationId] = live;
        _byMachine[facts.VirtualMachineId] = live;
    }

    /// <summary>Lets an operation go, unless its machine has another by now.</summary>
    public void Remove(LiveOperation live)
    {
        var facts = live.Snapshot.Facts;
        _byId.TryRemove(facts.OperationId, out _);
        _byMachine.TryRemove(KeyValuePair.Create(facts.VirtualMachineId, live));
    }
}

/// <summary>One operation that is not terminal yet, with everything that keeps it going.</summary>
internal sealed record LiveOperation(OperationLog Log, OperationRun Run, QueueTicket Ticket, IOperationKind Kind)
{
    /// <summary>The current state of the operation.</summary>
    public OperationSnapshot Snapshot => Log.Snapshot;

    /// <summary>Place in the queue, from 1; 0 when not queued.</summary>
    public int QueuePosition => Ticket.Position;
}
