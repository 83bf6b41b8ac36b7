using HostAgent.Campaigns.Internal;

namespace HostAgent.Campaigns.States;

/// <summary>One host of a campaign as it stands. Changes when events are applied; not safe for other threads.</summary>
public sealed class CampaignHost
{
    internal CampaignHost(int index, string name, int limit, LimitGroup site, LimitGroup link, LimitGroup tenant)
    {
        Index = index;
        Name = name;
        Limit = limit;
        Site = site;
        Link = link;
        Tenant = tenant;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How many of its items are in flight.</summary>
    public int InFlight => InFlightItems.Count;

    /// <summary>Where its circuit breaker stands.</summary>
    public BreakerStatus Breaker { get; internal set; }

    /// <summary>Whether it is out of reach, as far as is known.</summary>
    public bool IsLost { get; internal set; }

    internal int Index { get; }

    internal int Limit { get; }

    internal LimitGroup Site { get; }

    internal LimitGroup Link { get; }

    internal LimitGroup Tenant { get; }

    /// <summary>The positions of its items in flight.</summary>
    internal SortedSet<int> InFlightItems { get; } = [];

    /// <summary>The positions of its items that the agent may still settle.</summary>
    internal SortedSet<int> UnsettledItems { get; } = [];

    /// <summary>Its waiting items, one queue a wave.</summary>
    internal SortedDictionary<int, HostQueue> Queues { get; } = [];

    internal bool BreakerUnreachable { get; set; }

    internal DateTimeOffset? BreakerUntil { get; set; }

    /// <summary>How often the breaker opened since it was last closed.</summary>
    internal int Openings { get; set; }

    /// <summary>The position of the item that probes; -1 for none.</summary>
    internal int Probe { get; set; } = -1;

    internal int UnreachableInARow { get; set; }

    internal int Failures { get; set; }

    /// <summary>Grows each time that failures are counted anew.</summary>
    internal int Budget { get; set; } = 1;

    internal bool HasRoom
        => InFlight < Limit && Breaker switch
        {
            BreakerStatus.Closed => true,
            BreakerStatus.HalfOpen => Probe < 0,
            _ => false,
        };
}
