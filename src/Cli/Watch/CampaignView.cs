using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch;

/// <summary>A watched campaign, folded from its updates one at a time; the items are never scanned.</summary>
internal sealed class CampaignView(TimeProvider time)
{
    // Enough to see what is wrong; "campaign show --items" has the rest.
    private const int Remembered = 50;

    private readonly Dictionary<string, Item> _items = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, HostView> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<string> _attention = [];
    private long _told;

    /// <summary>The campaign; null until the first update.</summary>
    public Campaign? Campaign { get; private set; }

    /// <summary>The remaining time: the last estimate less the time since; null when unknown.</summary>
    public (TimeSpan P50, TimeSpan P90)? Left
        => Campaign is { RemainingP50: { } p50, RemainingP90: { } p90 } && !Campaign.State.IsTerminal()
            ? (SinceTold(p50.ToTimeSpan()), SinceTold(p90.ToTimeSpan()))
            : null;

    /// <summary>Why the view is not live at the moment; null when it is.</summary>
    public string? Disconnected { get; set; }

    /// <summary>Why items do not move, as it was asked last; null before.</summary>
    public ExplainCampaignResponse? Waits { get; set; }

    /// <summary>The newest remark beside the campaign; null when there was none.</summary>
    public string? Remark { get; set; }

    public IReadOnlyCollection<HostView> Hosts => _hosts.Values;

    /// <summary>The items that a person should look at, the newest first; at most 50.</summary>
    public IEnumerable<Item> Attention => _attention.Select(name => _items[name]);

    /// <summary>Applies an update. Returns the items whose state it changed, each with its previous state.</summary>
    public IReadOnlyList<ItemChange> Apply(CampaignUpdate update)
    {
        Disconnected = null;
        if (update.Campaign is { } campaign)
        {
            if (Campaign is not null && Campaign.Revision != campaign.Revision)
            {
                // The document was replaced, and with it every item.
                _items.Clear();
                _hosts.Clear();
                _attention.Clear();
                Waits = null;
            }

            Campaign = campaign;
            _told = time.GetTimestamp();
        }

        var changes = new List<ItemChange>();
        foreach (var item in update.Items)
        {
            var former = _items.GetValueOrDefault(item.Name);
            Take(former, item);
            if (former is null || former.State != item.State || former.Attempt != item.Attempt)
            {
                changes.Add(new ItemChange(former?.State ?? ItemState.Unspecified, item));
            }
        }

        return changes;
    }

    private TimeSpan SinceTold(TimeSpan left) => left - time.GetElapsedTime(_told) is var now && now > TimeSpan.Zero ? now : TimeSpan.Zero;

    private void Take(Item? former, Item item)
    {
        _items[item.Name] = item;
        if (!_hosts.TryGetValue(item.Host, out var host))
        {
            _hosts.Add(item.Host, host = new HostView(item.Host));
        }

        if (former is not null)
        {
            // An item of several steps goes from host to host.
            _hosts[former.Host].Remove(former);
        }

        host.Add(item);
        Remember(former, item);
    }

    private void Remember(Item? former, Item item)
    {
        var before = former?.State.NeedsAttention() ?? false;
        var now = item.State.NeedsAttention();
        if (before && (!now || former!.State != item.State))
        {
            _attention.Remove(item.Name);
        }

        if (now && (!before || former!.State != item.State))
        {
            _attention.AddFirst(item.Name);
            if (_attention.Count > Remembered)
            {
                _attention.RemoveLast();
            }
        }
    }
}
