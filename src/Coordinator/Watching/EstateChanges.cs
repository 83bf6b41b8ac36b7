using System.Threading.Channels;

namespace HostAgent.Coordinator.Watching;

/// <summary>Which campaigns and hosts have changed, for watchers of all of them. Reporting a change never blocks. Thread-safe.</summary>
internal sealed class EstateChanges
{
    private readonly Lock _lock = new();
    private readonly HashSet<EstateSubscription> _subscriptions = [];

    /// <summary>Notes that a campaign was created, has changed or was deleted.</summary>
    public void MarkCampaign(string id) => ForEach(subscription => subscription.MarkCampaign(id));

    /// <summary>Notes that the reachability of a host has changed.</summary>
    public void MarkHost(string host) => ForEach(subscription => subscription.MarkHost(host));

    public EstateSubscription Subscribe()
    {
        var subscription = new EstateSubscription();
        Subscribe(subscription);
        return subscription;
    }

    public void Subscribe(EstateSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Add(subscription);
        }
    }

    public void Unsubscribe(EstateSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private void ForEach(Action<EstateSubscription> mark)
    {
        lock (_lock)
        {
            foreach (var subscription in _subscriptions)
            {
                mark(subscription);
            }
        }
    }
}

/// <summary>
/// What has not been sent to one watcher of everything yet: the names of what has changed, not how. At most one entry per campaign
/// and host, however slow the watcher. Thread-safe.
/// </summary>
internal sealed class EstateSubscription
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _campaigns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Completes when there is something to send.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>Notes that a campaign has changed.</summary>
    public void MarkCampaign(string id) => Mark(_campaigns, id);

    /// <summary>Notes that a host has changed.</summary>
    public void MarkHost(string host) => Mark(_hosts, host);

    /// <summary>Takes everything that has changed.</summary>
    public (IReadOnlyList<string> Campaigns, IReadOnlyList<string> Hosts) Take()
    {
        lock (_lock)
        {
            var taken = (_campaigns.ToList(), _hosts.ToList());
            _campaigns.Clear();
            _hosts.Clear();
            return taken;
        }
    }

    private void Mark(HashSet<string> changed, string name)
    {
        lock (_lock)
        {
            changed.Add(name);
        }

        _signal.Writer.TryWrite(true);
    }
}
