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
        // Mostly the first will do, or there is none; enumerating a sorted set costs an allocation.
        if (_laneHeads.Count == 0 || QueueOf(items[_laneHeads.Min]).Lane.HasRoom)
        {
            return _laneHeads.Count == 0 ? null : items[_laneHeads.Min];
        }

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
        var (room, peerRoom) = (host.HasRoom, host.HasRoomAsPeer);
        if (host.ListedRoom == (room, peerRoom))
        {
            return;
        }

        host.ListedRoom = (room, peerRoom);
        foreach (var queue in host.Queues.Values)
        {
            Refresh(queue);
        }

        foreach (var queue in host.PeerQueues)
        {
            Refresh(queue);
        }
    }

    /// <summary>The queue that items of a wave wait in for a kind of step: those that are brought in step wait for other limits than those that switch, and each waits for both its hosts.</summary>
    public static (int Wave, int Peer) QueueKey(CampaignWave wave, Planning.StepKind kind, CampaignHost? peer) => ((wave.Index * 2) + (kind == Planning.StepKind.Synchronize ? 1 : 0), peer?.Index ?? -1);

    /// <summary>The queue that an item waits in at its current step.</summary>
    public static HostQueue QueueOf(CampaignItem item) => item.Host.Queues[QueueKey(item.Wave, item.StepKind, item.Peer)];

    private void Refresh(HostQueue queue)
    {
        var head = queue.Waiting.Count > 0 && queue.HasRoom ? queue.Waiting.Min : -1;
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
/// <param name="peerSite">The site of the other hosts that take part; null when none does, or when it is the same.</param>
/// <param name="link">Their link.</param>
/// <param name="tenant">Their tenant.</param>
/// <param name="phase">What bounds the phase of a pair that they wait for; null for other steps.</param>
internal sealed class Lane(CampaignWave? ramp, CampaignSite site, CampaignSite? peerSite, LimitGroup link, LimitGroup tenant, PhaseGroup? phase)
{
    public bool HasRoom => (ramp is null || ramp.InFlight < ramp.RampBound) && site.HasRoom && peerSite?.HasRoomAsPeer != false && link.HasRoom && tenant.HasRoom && phase?.HasRoom != false;

    /// <summary>The pair of sites whose link its items use.</summary>
    public LimitGroup Link => link;

    /// <summary>Whose machines they are.</summary>
    public LimitGroup Tenant => tenant;

    /// <summary>The first waiting item of each host with a free slot.</summary>
    public SortedSet<int> Heads { get; } = [];

    /// <summary>Its first item as listed in the index; -1 when the lane is not listed.</summary>
    public int ListedHead { get; set; } = -1;
}

/// <summary>The waiting items of one host, or of two that take part together, and of one wave, by their index in the plan.</summary>
internal sealed class HostQueue(CampaignHost host, CampaignHost? peer, Lane lane)
{
    public Lane Lane { get; } = lane;

    public bool HasRoom => host.HasRoom && peer?.HasRoomAsPeer != false;

    public SortedSet<int> Waiting { get; } = [];

    /// <summary>Its first item as listed in the lane; -1 when the queue is not listed.</summary>
    public int ListedHead { get; set; } = -1;
}

/// <summary>Items in flight under one limit: a link, a tenant or the whole campaign.</summary>
internal class LimitGroup(int limit)
{
    public int Limit { get; } = limit;

    public int InFlight { get; set; }

    public virtual bool HasRoom => InFlight < Limit;
}

/// <summary>Items in flight in one phase of a pair, and the window of that phase.</summary>
internal sealed class PhaseGroup(int limit) : LimitGroup(limit)
{
    /// <summary>Whether its window is closed, so that nothing new begins.</summary>
    public bool IsClosed { get; set; }

    public override bool HasRoom => !IsClosed && base.HasRoom;
}

/// <summary>A set of items whose services go down together.</summary>
internal sealed class TogetherSet(PlannedSet planned)
{
    public PlannedSet Planned { get; } = planned;

    // There, and back of a drill.
    private readonly int[] _missing = [planned.Items.Count, planned.Items.Count];

    /// <summary>How many of the set are, on a way, neither in step, nor on their way, nor beyond it, nor left out by a person.</summary>
    public int MissingOn(int way) => _missing[way];

    /// <summary>Counts one more, or one less.</summary>
    /// <returns>How many they were.</returns>
    public int Count(int way, int change)
    {
        var was = _missing[way];
        _missing[way] += change;
        return was;
    }
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
