namespace HostAgent.Agent.Operations;

/// <summary>
/// Lets at most a number of operations run at once on this host; the others wait in the order of their coming.
/// What the host already runs after a restart holds its places even above the limit; nothing new starts until it is below again.
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

    /// <summary>Whether a new operation would find neither a place nor a place in the queue.</summary>
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

    /// <summary>How many hold a place now.</summary>
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

    /// <summary>Takes a place, or a place in the queue; null when the queue is full.</summary>
    public QueueTicket? TryEnter() => Enter(_capacity);

    /// <summary>Puts an operation of the journal back into the queue, which may then be longer than its capacity.</summary>
    public QueueTicket EnterAgain() => Enter(int.MaxValue)!;

    /// <summary>Takes a place for an operation that the host already runs, whatever the limit says.</summary>
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

    internal void LetIn(QueueTicket ticket)
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
