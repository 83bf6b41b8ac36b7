using HostAgent.Campaigns.Internal;

namespace HostAgent.Campaigns.States;

/// <summary>One site of a campaign as it stands. Changes when events are applied; not safe for other threads.</summary>
public sealed class CampaignSite
{
    internal CampaignSite(int index, string name, int limit)
    {
        Index = index;
        Name = name;
        Limit = limit;
    }

    /// <summary>Its name; empty for hosts whose site is not known.</summary>
    public string Name { get; }

    /// <summary>How many items of its hosts are in flight.</summary>
    public int InFlight { get; internal set; }

    /// <summary>Where its circuit breaker stands. Hosts whose site is not known have no breaker in common.</summary>
    public BreakerStatus Breaker => Circuit.Status;

    internal int Index { get; }

    internal int Limit { get; }

    internal CircuitBreaker Circuit { get; } = new();

    /// <summary>The positions of its hosts whose breakers opened for failures since an item of the site last succeeded.</summary>
    internal SortedSet<int> FailingHosts { get; } = [];

    /// <summary>The positions of its hosts whose breakers opened for want of an answer since an agent of the site last took an item.</summary>
    internal SortedSet<int> SilentHosts { get; } = [];

    internal bool HasRoom => InFlight < Limit && Circuit.LetsThrough;
}
