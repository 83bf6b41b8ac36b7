using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Watching;

/// <content>The changes that watchers have not been sent yet.</content>
internal sealed partial class CampaignView
{
    /// <summary>Starts watching: at first everything counts as changed.</summary>
    /// <param name="pace">The interval between two updates to a watcher that keeps up.</param>
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

    /// <summary>Notes that the watcher has read everything taken for it.</summary>
    public void Sent(ChangeSubscription subscription)
    {
        lock (_lock)
        {
            subscription.Sent();
        }
    }

    /// <summary>Takes the newest state of everything that has changed for a watcher. The watcher may be slow until that is sent.</summary>
    /// <param name="subscription">The watcher's subscription.</param>
    /// <param name="maxItems">The most items.</param>
    /// <param name="isFirst">Whether it is the first message of the stream, which contains the campaign with its document.</param>
    public WatchStep Take(ChangeSubscription subscription, int maxItems, bool isFirst)
    {
        lock (_lock)
        {
            subscription.Sending();
            var update = new CampaignUpdate { Version = _header.Version };
            update.Items.AddRange(subscription.TakeItems(maxItems).Select(Map));
            // The end is sent with the last changes that led to it, because the watcher and the stream may end after it.
            var includesCampaign = isFirst || !_header.IsTerminal || !subscription.HasItems;
            if (includesCampaign && subscription.TakeCampaign())
            {
                update.Campaign = MapCampaign(isFirst);
            }

            update.Snapshot = subscription.SnapshotLeft > 0;
            update.Skipped = subscription.Skipped;
            return new WatchStep(update, subscription.HasItems, _header.IsTerminal && !subscription.HasItems);
        }
    }
}
