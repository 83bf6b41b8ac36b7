using Google.Protobuf.WellKnownTypes;
using HostAgent.Campaigns.Forecast;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Watching;

/// <summary>
/// What callers see of a campaign: its durable state, and the live percentages from its hosts. Written by the campaign's run
/// after the events are durable, and read by any number of callers and watchers. The run never waits for any of them.
/// </summary>
internal sealed partial class CampaignView
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
    private readonly HashSet<int> _inherited = [];
    private readonly Dictionary<int, string> _activities = [];
    private readonly Dictionary<string, int> _indexById;
    private readonly HashSet<ChangeSubscription> _subscriptions = [];
    private HeaderView _header;
    private RemainingTime? _remaining;
    private CampaignView? _successor;
    private DateTimeOffset _inheritedTime;

    /// <summary>Creates the view of a campaign.</summary>
    /// <param name="campaign">The data known from creation on.</param>
    /// <param name="header">The durable state without the items.</param>
    /// <param name="items">The items in the order of the plan.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Called when anything but an item has changed; must not block.</param>
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

    /// <summary>The data that does not change while this view is shown.</summary>
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

    /// <summary>The view that replaces this one because the campaign has new items; null while this one is current.</summary>
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

    /// <summary>Visits every item that has not ended.</summary>
    public void ForEachUnfinished(Action<ItemView> visit)
    {
        lock (_lock)
        {
            foreach (var item in _items.Where(item => !item.IsTerminal))
            {
                visit(item);
            }
        }
    }

    /// <summary>Shows a newer durable state.</summary>
    /// <param name="header">The campaign.</param>
    /// <param name="changed">The changed items.</param>
    public void Show(HeaderView header, IReadOnlyCollection<(int Index, ItemView Item)> changed)
    {
        lock (_lock)
        {
            _header = header;
            _changed?.Invoke();
            foreach (var (index, item) in changed)
            {
                _wavePercents[item.Wave] -= PercentOf(index);
                if (item.Attempt != _items[index].Attempt || item.Step != _items[index].Step)
                {
                    _percents[index] = Unknown;
                    _stored.Remove(index);
                    _inherited.Remove(index);
                }

                if (item.WentBackTo is { } percent)
                {
                    _percents[index] = percent;
                    _stored.Remove(index);
                    _inherited.Remove(index);
                }

                // What is being done may be told before the event that it is under way at all: an item that waits, asks or has ended does nothing.
                if (item.Attempt != _items[index].Attempt || item.Step != _items[index].Step || item.State is not (ItemState.Queued or ItemState.Starting or ItemState.Running))
                {
                    _activities.Remove(index);
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

    /// <summary>Redirects all watchers to another view of the campaign.</summary>
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

    /// <summary>Notifies all watchers that the campaign was deleted.</summary>
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

    /// <summary>The index of an item in the plan; null when there is no such item.</summary>
    public int? IndexOf(string id) => _indexById.TryGetValue(id, out var index) ? index : null;

    /// <summary>The index of an item by its id, or by the name of its machine where only one item has it; null when there is no such item.</summary>
    public int? IndexOfIdOrMachine(string text)
    {
        if (IndexOf(text) is { } found)
        {
            return found;
        }

        lock (_lock)
        {
            var named = Enumerable.Range(0, _items.Length).Where(index => string.Equals(_items[index].VirtualMachineName, text, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
            return named is [var only] ? only : null;
        }
    }

    /// <summary>The message of the campaign.</summary>
    /// <param name="withDocument">Whether to include the document, which may be large.</param>
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

    /// <summary>The messages of the matching items, from an index on, until the page is full.</summary>
    /// <returns>The items, and the index after the last one checked; null when there are no more.</returns>
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

    /// <summary>The ids of the matching items, in the order of the plan.</summary>
    public List<string> Ids(Func<ItemView, bool> matches, int limit)
    {
        lock (_lock)
        {
            return [.. _items.Where(matches).Take(limit).Select(item => item.Id)];
        }
    }

    private Campaign MapCampaign(bool withDocument)
    {
        var message = CampaignMapper.ToMessage(_campaign, _header, WavePercent, withDocument);

        // An estimate applies to a campaign that continues on its own, not to one that has since been paused or has ended.
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
        if (_header.EndTime is not null)
        {
            // Of a campaign that has ended nothing is tried again.
            message.NextAttemptTime = null;
        }

        if (message is { State: ItemState.Running, Explanation.Length: 0 } && _activities.TryGetValue(index, out var activity))
        {
            message.Explanation = activity;
        }

        if (SentenceAbout(index, message) is { } sentence)
        {
            message.Explanation = message.Explanation.Length == 0 ? sentence : $"{message.Explanation} {sentence}";
        }

        return message;
    }

    // Why a percentage may be lower than one that an earlier process showed; null when it is not.
    private string? SentenceAbout(int index, Item message)
    {
        if (_items[index].IsTerminal || _percents[index] == Unknown)
        {
            return null;
        }

        if (message.State == ItemState.Running && _stored.Contains(index))
        {
            return FormattableString.Invariant($"{_percents[index]}% is the last stored value; the host has not reported since the coordinator started.");
        }

        return _inherited.Contains(index)
            ? FormattableString.Invariant($"{_percents[index]}% is what the host has recorded; the coordinator started at {_inheritedTime.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, and an earlier one may have shown more.")
            : null;
    }

    // Terminal items count as 100, so a wave is at 100 exactly when all its items are terminal.
    private int PercentOf(int index) => _items[index] is { IsTerminal: false } item ? ((item.Step * 100) + Math.Max(0, _percents[index])) / item.Steps : 100;

    private int WavePercent(int wave)
    {
        var items = _header.Waves[wave].Counts.Total;
        return items == 0 ? 100 : (int)(_wavePercents[wave] / items);
    }
}
