using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.States;

/// <summary>
/// Finds the next item to start without scanning all items: one queue per host and wave, one lane of queues per combination of
/// shared limits, and above them the lanes ordered by their first item. A change costs O(log items); finding the next item visits each
/// lane once, and there are as many lanes as combinations of running wave, site, primary site and tenant.
/// </summary>
internal sealed class WaitingIndex
{
    private readonly SortedSet<int> _laneHeads = [];

    /// <summary>Returns the first item in the order of the plan that every limit but the campaign's allows.</summary>
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

    /// <summary>Call this after any change that decides whether the item waits.</summary>
    public void Refresh(CampaignItem item)
    {
        var queue = QueueOf(item);
        if (item.IsWaiting ? queue.Waiting.Add(item.Index) : queue.Waiting.Remove(item.Index))
        {
            Refresh(queue);
        }
    }

    /// <summary>Call this after any change that decides whether the host has a free slot.</summary>
    public void Refresh(CampaignHost host)
    {
        foreach (var queue in host.Queues.Values)
        {
            Refresh(queue);
        }
    }

    /// <summary>The queue of a host that items of a wave wait in for a kind of step: those that are brought in step wait for other limits than those that switch.</summary>
    public static int QueueKey(CampaignWave wave, Planning.StepKind kind) => (wave.Index * 2) + (kind == Planning.StepKind.Synchronize ? 1 : 0);

    private static HostQueue QueueOf(CampaignItem item) => item.Host.Queues[QueueKey(item.Wave, item.StepKind)];

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

    private static void Replace(SortedSet<int> set, int previous, int current)
    {
        if (previous >= 0)
        {
            set.Remove(previous);
        }

        if (current >= 0)
        {
            set.Add(current);
        }
    }
}

/// <summary>The queues of all hosts that share the wave and every limit above the host: either all of them may start an item, or none may.</summary>
/// <param name="ramp">The wave whose ramp bounds it; null for none.</param>
/// <param name="site">The hosts' site.</param>
/// <param name="link">Their link.</param>
/// <param name="tenant">Their tenant.</param>
/// <param name="switches">What counts services that are down for their switch; null when none goes down.</param>
internal sealed class Lane(CampaignWave? ramp, CampaignSite site, LimitGroup link, LimitGroup tenant, LimitGroup? switches)
{
    public bool HasRoom => (ramp is null || ramp.InFlight < ramp.RampBound) && site.HasRoom && link.HasRoom && tenant.HasRoom && switches?.HasRoom != false;

    /// <summary>The first waiting item of each host with a free slot.</summary>
    public SortedSet<int> Heads { get; } = [];

    /// <summary>Its first item as listed in the index; -1 when the lane is not listed.</summary>
    public int ListedHead { get; set; } = -1;
}

/// <summary>The waiting items of one host and wave, by their index in the plan.</summary>
internal sealed class HostQueue(CampaignHost host, Lane lane)
{
    public CampaignHost Host { get; } = host;

    public Lane Lane { get; } = lane;

    public SortedSet<int> Waiting { get; } = [];

    /// <summary>Its first item as listed in the lane; -1 when the queue is not listed.</summary>
    public int ListedHead { get; set; } = -1;
}

/// <summary>Items in flight under one limit: a link, a tenant or the whole campaign.</summary>
internal sealed class LimitGroup(int limit)
{
    public int Limit { get; } = limit;

    public int InFlight { get; set; }

    public bool HasRoom => InFlight < Limit;
}

/// <summary>A set of items that others wait for.</summary>
internal sealed class DependencyState(PlannedDependency planned)
{
    public PlannedDependency Planned { get; } = planned;

    /// <summary>How many of the set have not succeeded.</summary>
    public int Open { get; set; } = planned.After.Count;

    /// <summary>How many of the set have ended without success.</summary>
    public int Unmet { get; set; }

    /// <summary>The indexes of the waiting items.</summary>
    public List<int> Waiting { get; } = [];
}
