using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal;

/// <summary>
/// Finds the next item to start without looking at the others: per host and wave a queue, per set of shared limits a lane of
/// queues, and above them the lanes by their first item. One change costs O(log items); finding the next one costs one look at each
/// lane, of which there are as many as combinations of running wave, site, primary site and tenant.
/// </summary>
internal sealed class WaitingIndex
{
    private readonly SortedSet<int> _laneHeads = [];

    /// <summary>Gives the first item in the order of the plan that every limit but the campaign's allows.</summary>
    public CampaignItem? Next(IReadOnlyList<CampaignItem> items)
    {
        foreach (var head in _laneHeads)
        {
            if (QueueOf(items[head]).Lane.HasRoom)
            {
                return items[head];
            }
        }

        return null;
    }

    /// <summary>To be called after anything about the item has changed that decides whether it waits.</summary>
    public void Refresh(CampaignItem item)
    {
        var queue = QueueOf(item);
        if (item.IsWaiting ? queue.Waiting.Add(item.Index) : queue.Waiting.Remove(item.Index))
        {
            Refresh(queue);
        }
    }

    /// <summary>To be called after anything about the host has changed that decides whether it has room.</summary>
    public void Refresh(CampaignHost host)
    {
        foreach (var queue in host.Queues.Values)
        {
            Refresh(queue);
        }
    }

    private static HostQueue QueueOf(CampaignItem item) => item.Host.Queues[item.Wave.Index];

    private void Refresh(HostQueue queue)
    {
        var head = queue.Waiting.Count > 0 && queue.Host.HasRoom ? queue.Waiting.Min : -1;
        if (head == queue.ListedHead)
        {
            return;
        }

        Replace(queue.Lane.Heads, queue.ListedHead, head);
        queue.ListedHead = head;

        var lane = queue.Lane;
        var laneHead = lane.Heads.Count > 0 ? lane.Heads.Min : -1;
        if (laneHead != lane.ListedHead)
        {
            Replace(_laneHeads, lane.ListedHead, laneHead);
            lane.ListedHead = laneHead;
        }
    }

    private static void Replace(SortedSet<int> set, int former, int current)
    {
        if (former >= 0)
        {
            set.Remove(former);
        }

        if (current >= 0)
        {
            set.Add(current);
        }
    }
}
