namespace HostAgent.Agent.MachineReads;

/// <summary>
/// Remembers when facts were read, so that a decision that comes too late is refused. The moments are of this process's own monotonic clock: neither a set
/// clock nor a restart makes old facts young again.
/// </summary>
internal sealed class FactsTickets(TimeProvider time)
{
    /// <summary>The longest that facts serve.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    // A read costs the host several queries, so that many within 15 seconds are no use: the oldest then goes early.
    private const int Most = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<Guid> _order = new();
    private readonly Dictionary<Guid, long> _reads = [];

    /// <summary>Names a read that begins now.</summary>
    public Guid Begin()
    {
        var id = Guid.NewGuid();
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && (_order.Count >= Most || time.GetElapsedTime(_reads[oldest]) > Longest))
            {
                _reads.Remove(_order.Dequeue());
            }

            _order.Enqueue(id);
            _reads[id] = time.GetTimestamp();
        }

        return id;
    }

    /// <summary>Whether a read of this process began no longer ago than a time.</summary>
    /// <param name="factsId">The read.</param>
    /// <param name="validFor">The time; never more than <see cref="Longest"/>.</param>
    public bool IsValid(Guid factsId, TimeSpan validFor)
    {
        lock (_gate)
        {
            return _reads.TryGetValue(factsId, out var began) && time.GetElapsedTime(began) is var age && age <= validFor && age <= Longest;
        }
    }
}
