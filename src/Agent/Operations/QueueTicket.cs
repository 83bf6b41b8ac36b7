namespace HostAgent.Agent.Operations;

/// <summary>One operation's place under the host's limit, or in the queue for one. Disposing gives it up.</summary>
internal sealed class QueueTicket(HostQueue queue) : IDisposable
{
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? _moved;
    private int _position;
    private int _left;

    /// <summary>Completes when the operation may run.</summary>
    public Task Granted => _granted.Task;

    /// <summary>Place in the queue, from 1; 0 when not waiting.</summary>
    public int Position => Volatile.Read(ref _position);

    internal LinkedListNode<QueueTicket>? Node { get; set; }

    /// <summary>Sets what is called, quickly and without blocking, when the position has changed.</summary>
    public void OnMoved(Action moved) => Volatile.Write(ref _moved, moved);

    /// <summary>Stops waiting and takes a place, whatever the limit says: the host runs the operation already.</summary>
    public void TakePlace() => queue.LetIn(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            queue.Leave(this);
        }
    }

    internal void MoveTo(int position)
    {
        if (Interlocked.Exchange(ref _position, position) != position)
        {
            Volatile.Read(ref _moved)?.Invoke();
        }
    }

    internal void Grant()
    {
        Volatile.Write(ref _position, 0);
        _granted.TrySetResult();
    }
}
