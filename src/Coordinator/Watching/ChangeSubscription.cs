using System.Threading.Channels;

namespace HostAgent.Coordinator.Watching;

/// <summary>
/// What one watcher has not been told yet: which items have changed, not how. Its memory is bounded by the number of items
/// whatever the watcher's pace, and what changed twice before it was told is told once, in its newest state.
/// Not safe for several threads: the view that it belongs to guards it.
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

    /// <summary>Subscribes to everything: at first each item counts as changed, which makes the snapshot.</summary>
    /// <param name="items">How many items there are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pace">The time between two updates to a watcher that reads all of them at once.</param>
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

    /// <summary>How many items of the first snapshot are still to be sent.</summary>
    public int SnapshotLeft { get; private set; }

    /// <summary>Whether items wait to be told.</summary>
    public bool HasItems => _changed.Count > 0;

    /// <summary>
    /// How many changes were merged into a later one because the watcher had not read what was sent before. What is merged within the pace
    /// is no loss: the fastest watcher gets no more.
    /// </summary>
    public long Skipped { get; private set; }

    /// <summary>Completes when there is something to tell.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>Notes that an item has changed.</summary>
    public void MarkItem(int item)
    {
        if (_isWaiting[item])
        {
            // What the snapshot has still to tell was not merged away: it has simply not been seen yet.
            Skipped += item < _isWaiting.Length - SnapshotLeft && IsSlow ? 1 : 0;
        }
        else
        {
            _isWaiting[item] = true;
            _changed.Enqueue(item);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Hears that something is about to be sent.</summary>
    public void Sending() => _sendingSince ??= _time.GetTimestamp();

    /// <summary>Hears that all of it was read, or has found room.</summary>
    public void Sent() => _sendingSince = null;

    /// <summary>Notes that the campaign, a wave or a count has changed.</summary>
    public void MarkCampaign()
    {
        _campaignChanged = true;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Takes the next items that have changed, the longest waiting first.</summary>
    public IReadOnlyList<int> TakeItems(int limit)
    {
        var items = new List<int>(Math.Min(limit, _changed.Count));
        while (items.Count < limit && _changed.TryDequeue(out var item))
        {
            _isWaiting[item] = false;
            items.Add(item);
        }

        // The first as many items taken are the snapshot, in the order of their positions: the queue keeps the order.
        SnapshotLeft = Math.Max(0, SnapshotLeft - items.Count);
        if (_changed.Count > 0)
        {
            _signal.Writer.TryWrite(true);
        }

        return items;
    }

    /// <summary>Tells whether the campaign has changed since the last time.</summary>
    public bool TakeCampaign()
    {
        var changed = _campaignChanged;
        _campaignChanged = false;
        return changed;
    }

    private bool IsSlow => _sendingSince is { } since && _time.GetElapsedTime(since) >= _pace;
}
