using System.Threading.Channels;

namespace HostAgent.Coordinator.Watching;

/// <summary>
/// What has not been sent to one watcher yet: which items have changed, not how. Its memory is bounded by the number of items,
/// however slow the watcher, and several changes of an item are sent as one, in its newest state.
/// Not thread-safe: the owning view guards it.
/// </summary>
internal sealed class ChangeSubscription
{
    private readonly Queue<int> _changed = new();
    private readonly bool[] _isWaiting;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _campaignChanged = true;

    private readonly TimeProvider _time;
    private readonly TimeSpan _pace;
    private long? _sendingSince;

    /// <summary>Subscribes to everything: at first each item counts as changed, which produces the snapshot.</summary>
    /// <param name="items">The number of items.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pace">The interval between two updates to a watcher that keeps up.</param>
    public ChangeSubscription(int items, TimeProvider time, TimeSpan pace)
    {
        (_time, _pace) = (time, pace);
        _isWaiting = new bool[items];
        Array.Fill(_isWaiting, true);
        for (var item = 0; item < items; item++)
        {
            _changed.Enqueue(item);
        }

        SnapshotLeft = items;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>How many items of the first snapshot have not been sent.</summary>
    public int SnapshotLeft { get; private set; }

    /// <summary>Whether changed items have not been sent.</summary>
    public bool HasItems => _changed.Count > 0;

    /// <summary>
    /// How many changes were merged into a later one because the watcher had not read the previous message. Changes merged within the
    /// interval do not count: even the fastest watcher gets no more.
    /// </summary>
    public long Skipped { get; private set; }

    /// <summary>Completes when there is something to send.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>Notes that an item has changed.</summary>
    public void MarkItem(int item)
    {
        if (_isWaiting[item])
        {
            // An item whose snapshot has not been sent was not merged away: the watcher has not seen it yet.
            Skipped += item < _isWaiting.Length - SnapshotLeft && IsSlow ? 1 : 0;
        }
        else
        {
            _isWaiting[item] = true;
            _changed.Enqueue(item);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Notes that a message is about to be sent.</summary>
    public void Sending() => _sendingSince ??= _time.GetTimestamp();

    /// <summary>Notes that the message was read or buffered.</summary>
    public void Sent() => _sendingSince = null;

    /// <summary>Notes that the campaign, a wave or a count has changed.</summary>
    public void MarkCampaign()
    {
        _campaignChanged = true;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Takes the next changed items, the longest waiting first.</summary>
    public IReadOnlyList<int> TakeItems(int limit)
    {
        var items = new List<int>(Math.Min(limit, _changed.Count));
        while (items.Count < limit && _changed.TryDequeue(out var item))
        {
            _isWaiting[item] = false;
            items.Add(item);
        }

        // The first items taken are the snapshot, in index order: the queue keeps the order.
        SnapshotLeft = Math.Max(0, SnapshotLeft - items.Count);
        if (_changed.Count > 0)
        {
            _signal.Writer.TryWrite(true);
        }

        return items;
    }

    /// <summary>Whether the campaign has changed since the last call.</summary>
    public bool TakeCampaign()
    {
        var changed = _campaignChanged;
        _campaignChanged = false;
        return changed;
    }

    private bool IsSlow => _sendingSince is { } since && _time.GetElapsedTime(since) >= _pace;
}
