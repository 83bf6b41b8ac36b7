using HostAgent.Campaigns.Internal;

namespace HostAgent.Campaigns.States;

/// <summary>One host of a campaign as it stands. Changes when events are applied; not safe for other threads.</summary>
public sealed class CampaignHost
{
    internal CampaignHost(int index, string name, int limit, CampaignSite site, LimitGroup link, LimitGroup tenant)
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
    public BreakerStatus Breaker => Circuit.Status;

    /// <summary>Whether it is out of reach, as far as is known.</summary>
    public bool IsLost { get; internal set; }

    internal int Index { get; }

    internal int Limit { get; }

    internal CampaignSite Site { get; }

    internal LimitGroup Link { get; }

    internal LimitGroup Tenant { get; }

    /// <summary>The positions of its items in flight.</summary>
    internal SortedSet<int> InFlightItems { get; } = [];

    /// <summary>The positions of its items that the agent may still settle.</summary>
    internal SortedSet<int> UnsettledItems { get; } = [];

    /// <summary>Its waiting items, one queue a wave.</summary>
    internal SortedDictionary<int, HostQueue> Queues { get; } = [];

    internal CircuitBreaker Circuit { get; } = new();

    /// <summary>Where its agent's journal stood at the last claim of this epoch; null before.</summary>
    internal AgentJournal? Journal { get; set; }

    /// <summary>When that was.</summary>
    internal DateTimeOffset JournalTime { get; set; }

    internal int UnreachableInARow { get; set; }

    internal int Failures { get; set; }

    /// <summary>Grows each time that failures are counted anew.</summary>
    internal int Budget { get; set; } = 1;

    internal bool HasRoom => InFlight < Limit && Circuit.LetsThrough;
}
