using Google.Protobuf.WellKnownTypes;
using HostAgent.Campaigns.Forecast;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Watching;

/// <summary>
/// What is shown of a campaign: its durable state, and the percentages that its hosts say live. It is written by the campaign's run
/// after the events are durable, and read by any number of callers and watchers, none of whom the run ever waits for.
/// </summary>
internal sealed class CampaignView
{
    private const int Unknown = -1;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action? _changed;
    private readonly NewCampaign _campaign;
    private readonly ItemView[] _items;
    private readonly int[] _percents;
    private readonly long[] _wavePercents;
    private readonly HashSet<int> _unkept = [];
    private readonly HashSet<int> _stored = [];
    private readonly Dictionary<string, int> _indexById;
    private readonly HashSet<ChangeSubscription> _subscriptions = [];
    private HeaderView _header;
    private RemainingTime? _remaining;
    private CampaignView? _successor;

    /// <summary>Shows a campaign as it stands.</summary>
    /// <param name="campaign">What is known from its creation on.</param>
    /// <param name="header">The durable state without the items.</param>
    /// <param name="items">The items in the order of the plan.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Called when anything but an item has changed; must not wait.</param>
    public CampaignView(NewCampaign campaign, HeaderView header, IEnumerable<ItemView> items, TimeProvider time, Action? changed = null)
    {
        _changed = changed;
        _time = time;
        _campaign = campaign;
        _header = header;
        _items = [.. items];
        Hosts = _items.Select(item => item.Host).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _percents = new int[_items.Length];
        Array.Fill(_percents, Unknown);
        _wavePercents = new long[header.Waves.Count];
        _indexById = new Dictionary<string, int>(_items.Length, StringComparer.Ordinal);
        for (var index = 0; index < _items.Length; index++)
        {
            _indexById.Add(_items[index].Id, index);
            _wavePercents[_items[index].Wave] += PercentOf(index);
        }
    }

    /// <summary>What does not change while this view is shown.</summary>
    public NewCampaign Campaign => _campaign;

    /// <summary>The durable state without the items.</summary>
    public HeaderView Header
    {
        get
        {
            lock (_lock)
            {
                return _header;
            }
        }
    }

    public IReadOnlySet<string> Hosts { get; }

    public bool IsWatched
    {
        get
        {
            lock (_lock)
            {
                return _subscriptions.Count > 0;
            }
        }
    }

    /// <summary>What is shown instead, since the campaign has other items now; null while this is shown.</summary>
    public CampaignView? Successor
    {
        get
        {
            lock (_lock)
            {
                return _successor;
            }
        }
    }

    /// <summary>Whether the campaign was deleted.</summary>
    public bool IsDeleted { get; private set; }

    public int ItemCount => _items.Length;

    /// <summary>Looks at every item that has not ended.</summary>
    public void ForEachUnfinished(Action<ItemView> look)
    {
        lock (_lock)
        {
            foreach (var item in _items.Where(item => !item.IsTerminal))
            {
                look(item);
            }
        }
    }

    /// <summary>Shows a newer durable state.</summary>
    /// <param name="header">The campaign.</param>
    /// <param name="changed">The items that are not what they were.</param>
    public void Show(HeaderView header, IReadOnlyCollection<(int Index, ItemView Item)> changed)
    {
        lock (_lock)
        {
            _header = header;
            _changed?.Invoke();
            foreach (var (index, item) in changed)
            {
                _wavePercents[item.Wave] -= PercentOf(index);
                if (item.Attempt != _items[index].Attempt)
                {
                    _percents[index] = Unknown;
                    _stored.Remove(index);
                }

                if (item.WentBackTo is { } percent)
                {
                    _percents[index] = percent;
                    _stored.Remove(index);
                }

                _items[index] = item;
                _wavePercents[item.Wave] += PercentOf(index);
            }

            foreach (var subscription in _subscriptions)
            {
                subscription.MarkCampaign();
                foreach (var (index, _) in changed)
                {
                    subscription.MarkItem(index);
                }
            }
        }
    }

    /// <summary>Sends everybody who watches to another view of the campaign.</summary>
    public void ReplaceBy(CampaignView successor)
    {
        lock (_lock)
        {
            _successor = successor;
            foreach (var subscription in _subscriptions)
            {
                subscription.MarkCampaign();
            }
        }
    }

    /// <summary>Tells everybody who watches that the campaign was deleted.</summary>
    public void Delete()
    {
        lock (_lock)
        {
            IsDeleted = true;
            foreach (var subscription in _subscriptions)
            {
                subscription.MarkCampaign();
            }
        }
    }

    /// <summary>
    /// Shows what a host says of its progress. What it says of a former attempt, or again, is not shown; nor is less than before, which
    /// comes with the event that says why.
    /// </summary>
    public void Advance(int index, int attempt, int percent)
    {
        lock (_lock)
        {
            var item = _items[index];
            if (item.Attempt != attempt || item.IsTerminal)
            {
                return;
            }

            var isFirstWord = _stored.Remove(index);
            if (_percents[index] >= percent)
            {
                // What is shown is the host's own word now, and no longer needs the sentence that it is not.
                foreach (var subscription in isFirstWord ? _subscriptions : [])
                {
                    subscription.MarkItem(index);
                }

                return;
            }

            var before = WavePercent(item.Wave);
            _wavePercents[item.Wave] -= PercentOf(index);
            _percents[index] = percent;
            _unkept.Add(index);
            _wavePercents[item.Wave] += PercentOf(index);
            var waveMoved = WavePercent(item.Wave) != before;
            if (waveMoved)
            {
                _changed?.Invoke();
            }

            foreach (var subscription in _subscriptions)
            {
                subscription.MarkItem(index);
                if (waveMoved)
                {
                    subscription.MarkCampaign();
                }
            }
        }
    }

    /// <summary>Shows the percentages that were stored before this process, until the hosts say more. A running item says that it shows such a one.</summary>
    public void Restore(IEnumerable<ItemProgress> stored)
    {
        lock (_lock)
        {
            foreach (var (id, attempt, percent) in stored)
            {
                if (_indexById.TryGetValue(id, out var index) && _items[index].Attempt == attempt && _percents[index] < percent)
                {
                    _wavePercents[_items[index].Wave] -= PercentOf(index);
                    _percents[index] = percent;
                    _wavePercents[_items[index].Wave] += PercentOf(index);
                    _stored.Add(index);
                }
            }
        }
    }

    /// <summary>How far the items are, of which a host has said so.</summary>
    public IReadOnlyList<ItemProgress> ProgressOf(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            return
            [
                .. ids.Select(IndexOf).OfType<int>().Where(index => _percents[index] != Unknown)
                    .Select(index => new ItemProgress(_items[index].Id, _items[index].Attempt, _percents[index])),
            ];
        }
    }

    /// <summary>Shows how long the campaign still takes; null when nobody can say.</summary>
    public void Show(RemainingTime? remaining)
    {
        lock (_lock)
        {
            if (_remaining == remaining)
            {
                return;
            }

            _remaining = remaining;
            _changed?.Invoke();
            foreach (var subscription in _subscriptions)
            {
                subscription.MarkCampaign();
            }
        }
    }

    /// <summary>Takes the percentages that have moved since the last time, of items that have not ended.</summary>
    public IReadOnlyList<ItemProgress> TakeProgress()
    {
        lock (_lock)
        {
            var progress = _unkept
                .Where(index => !_items[index].IsTerminal && _percents[index] != Unknown)
                .Select(index => new ItemProgress(_items[index].Id, _items[index].Attempt, _percents[index]))
                .ToList();
            _unkept.Clear();
            return progress;
        }
    }

    /// <summary>The position of an item in the plan; null when there is no such item.</summary>
    public int? IndexOf(string id) => _indexById.TryGetValue(id, out var index) ? index : null;

    /// <summary>The message of the campaign.</summary>
    /// <param name="withDocument">Whether with its document, which may be large.</param>
    public Campaign ToMessage(bool withDocument)
    {
        lock (_lock)
        {
            return MapCampaign(withDocument);
        }
    }

    public Item ToMessage(int index)
    {
        lock (_lock)
        {
            return Map(index);
        }
    }

    /// <summary>The messages of the items that match, from a position on, until there is no room for more.</summary>
    /// <returns>The items, and the position after the last one looked at; null when there is nothing after it.</returns>
    public (List<Item> Items, int? Next) Page(int from, Func<ItemView, string, bool> matches, int limit, int maxBytes)
    {
        var (page, bytes) = (new List<Item>(), 0);
        lock (_lock)
        {
            for (var index = from; index < _items.Length; index++)
            {
                if (!matches(_items[index], _header.Waves[_items[index].Wave].Name))
                {
                    continue;
                }

                if (page.Count == limit || bytes >= maxBytes)
                {
                    return (page, index);
                }

                page.Add(Map(index));
                bytes += page[^1].CalculateSize();
            }
        }

        return (page, null);
    }

    /// <summary>Begins to watch: everything counts as changed at first.</summary>
    /// <param name="pace">The time between two updates to a watcher that reads all of them at once.</param>
    public ChangeSubscription Subscribe(TimeSpan pace = default)
    {
        lock (_lock)
        {
            var subscription = new ChangeSubscription(_items.Length, _time, pace);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public void Unsubscribe(ChangeSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }
    }

    /// <summary>The ids of the items that match, in the order of the plan.</summary>
    public List<string> Ids(Func<ItemView, bool> matches, int limit)
    {
        lock (_lock)
        {
            return [.. _items.Where(matches).Take(limit).Select(item => item.Id)];
        }
    }

    /// <summary>Hears that the watcher has read everything that was taken for it.</summary>
    public void Sent(ChangeSubscription subscription)
    {
        lock (_lock)
        {
            subscription.Sent();
        }
    }

    /// <summary>Takes what a watcher has not been told yet, in its newest state. Until it is sent the watcher may be slow.</summary>
    /// <param name="subscription">The watcher's.</param>
    /// <param name="maxItems">At most so many items.</param>
    /// <param name="isFirst">Whether the stream begins with it: then it has the campaign, with its document.</param>
    public WatchStep Take(ChangeSubscription subscription, int maxItems, bool isFirst)
    {
        lock (_lock)
        {
            subscription.Sending();
            var update = new CampaignUpdate { Version = _header.Version };
            update.Items.AddRange(subscription.TakeItems(maxItems).Select(Map));
            // The end is told with the last of what led to it: a watcher may leave once it has been told, as the stream does.
            var tellsCampaign = isFirst || !_header.IsTerminal || !subscription.HasItems;
            if (tellsCampaign && subscription.TakeCampaign())
            {
                update.Campaign = MapCampaign(isFirst);
            }

            update.Snapshot = subscription.SnapshotLeft > 0;
            update.Skipped = subscription.Skipped;
            return new WatchStep(update, subscription.HasItems, _header.IsTerminal && !subscription.HasItems);
        }
    }

    private Campaign MapCampaign(bool withDocument)
    {
        var message = CampaignMapper.ToMessage(_campaign, _header, WavePercent, withDocument);

        // An estimate is of a campaign that goes on by itself; it is not one of a campaign that has been paused or has ended since.
        if (_remaining is { } remaining && (_header.State == CampaignState.Running || _header.PauseCause == PauseCause.Window))
        {
            var left = remaining.LeftAt(_time.GetUtcNow());
            message.RemainingP50 = left.P50.ToDuration();
            message.RemainingP90 = left.P90.ToDuration();
            message.RemainingBasis = remaining.Basis;
        }

        return message;
    }

    private Item Map(int index)
    {
        var message = ItemMapper.ToMessage(_campaign.Id, _items[index], _header.Waves[_items[index].Wave].Name, _percents[index] == Unknown ? null : _percents[index]);
        if (message.State == ItemState.Running && _stored.Contains(index))
        {
            var sentence = FormattableString.Invariant($"{_percents[index]}% is the last stored value; the host has not reported since the coordinator started.");
            message.Explanation = message.Explanation.Length == 0 ? sentence : $"{message.Explanation} {sentence}";
        }

        return message;
    }

    // Terminal items count as 100, so that a wave is at 100 exactly when all of it is terminal.
    private int PercentOf(int index) => _items[index].IsTerminal ? 100 : Math.Max(0, _percents[index]);

    private int WavePercent(int wave)
    {
        var items = _header.Waves[wave].Counts.Total;
        return items == 0 ? 100 : (int)(_wavePercents[wave] / items);
    }
}
