using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations.Admission;

/// <summary>
/// Lets at most a number of operations run at once on this host; the others wait in order of arrival.
/// What the host already runs after a restart keeps its slots even above the limit; nothing new starts until the count is below it.
/// </summary>
internal sealed class HostQueue
{
    private readonly Lock _gate = new();
    private readonly LinkedList<QueueTicket> _waiting = new();
    private readonly int _limit;
    private readonly int _capacity;
    private int _running;

    /// <param name="limit">At most this many run at once; at least 1.</param>
    /// <param name="capacity">At most this many wait; at least 0.</param>
    public HostQueue(int limit, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _limit = limit;
        _capacity = capacity;
    }

    /// <summary>At most this many run at once.</summary>
    public int Limit => _limit;

    /// <summary>At most this many wait.</summary>
    public int Capacity => _capacity;

    /// <summary>True when all slots are taken and the queue is full.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count >= _capacity && (_running >= _limit || _waiting.Count > 0);
            }
        }
    }

    /// <summary>How many hold a slot now.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>How many wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Takes a slot, or a place in the queue; null when the queue is full.</summary>
    public QueueTicket? TryEnter() => Enter(_capacity);

    /// <summary>Puts an operation of the journal back into the queue, which may then be longer than its capacity.</summary>
    public QueueTicket Requeue() => Enter(int.MaxValue)!;

    /// <summary>Takes a slot for an operation that the host already runs, ignoring the limit.</summary>
    public QueueTicket EnterRunning()
    {
        var ticket = new QueueTicket(this);
        lock (_gate)
        {
            _running++;
        }

        ticket.Grant();
        return ticket;
    }

    internal void Leave(QueueTicket ticket)
    {
        List<QueueTicket> granted = [];
        lock (_gate)
        {
            if (ticket.Node is { } node)
            {
                _waiting.Remove(node);
                ticket.Node = null;
            }
            else
            {
                _running--;
            }

            while (_running < _limit && _waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                first.Value.Node = null;
                _running++;
                granted.Add(first.Value);
            }

            Renumber();
        }

        granted.ForEach(next => next.Grant());
    }

    internal void Promote(QueueTicket ticket)
    {
        lock (_gate)
        {
            if (ticket.Node is not { } node)
            {
                return;
            }

            _waiting.Remove(node);
            ticket.Node = null;
            _running++;
            Renumber();
        }

        ticket.Grant();
    }

    // One pass over at most a queue's capacity of small numbers, once for each operation that leaves.
    private void Renumber()
    {
        var position = 0;
        foreach (var waiting in _waiting)
        {
            waiting.MoveTo(++position);
        }
    }

    private QueueTicket? Enter(int capacity)
    {
        var ticket = new QueueTicket(this);
        lock (_gate)
        {
            if (_running < _limit && _waiting.Count == 0)
            {
                _running++;
            }
            else if (_waiting.Count < capacity)
            {
                ticket.Node = _waiting.AddLast(ticket);
                ticket.MoveTo(_waiting.Count);
                return ticket;
            }
            else
            {
                return null;
            }
        }

        ticket.Grant();
        return ticket;
    }
}

/// <summary>The queues of one host: what moves data never holds up what takes seconds.</summary>
/// <param name="Data">The queue of failbacks and copies.</param>
/// <param name="Control">The queue of everything else.</param>
internal sealed record HostLanes(HostQueue Data, HostQueue Control)
{
    /// <summary>The queue of a lane.</summary>
    public HostQueue this[OperationLane lane] => lane == OperationLane.Data ? Data : Control;
}

/// <summary>One operation's slot, or its place in the queue. Disposing releases it.</summary>
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

    /// <summary>Leaves the queue and takes a slot, ignoring the limit: the host already runs the operation.</summary>
    public void TakeSlot() => queue.Promote(this);

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

/// <summary>
/// Which moves in the queue are recorded. Near the front every one is; further back, one for each tenth of the way:
/// draining a queue of n then costs n·log n events instead of n².
/// </summary>
internal static class QueuePositionRule
{
    private const int NearTheFront = 10;

    /// <summary>Whether a move is recorded.</summary>
    /// <param name="told">The position last recorded.</param>
    /// <param name="now">The position now, from 1.</param>
    public static bool IsWorthTelling(int told, int now)
        => now != told && (now <= NearTheFront || told == 0 || Math.Abs(told - now) * 10 >= told);
}
