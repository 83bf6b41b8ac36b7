namespace HostAgent.Agent.Operations;

/// <summary>One operation that is not terminal yet, with everything that keeps it going.</summary>
internal sealed record LiveOperation(OperationLog Log, OperationRun Run, QueueTicket Ticket, IOperationKind Kind)
{
    /// <summary>The operation as it stands.</summary>
    public OperationSnapshot Snapshot => Log.Snapshot;

    /// <summary>Place in the queue, from 1; 0 when not queued.</summary>
    public int QueuePosition => Ticket.Position;
}
