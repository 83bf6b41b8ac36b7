using System.Text.Json.Serialization;
using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.States;

/// <summary>The current state of one host of a campaign. Changes when events are applied; not thread-safe.</summary>
public sealed class CampaignHost
{
    [JsonConstructor]
    internal CampaignHost()
    {
    }

    /// <summary>Its name.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>How many of its items are in flight.</summary>
    public int InFlight => InFlightItems.Count;

    /// <summary>The state of its circuit breaker.</summary>
    public BreakerStatus Breaker => Circuit.Status;

    /// <summary>Whether it is known to be unreachable.</summary>
    [JsonInclude]
    public bool IsLost { get; internal set; }

    internal int Index { get; private set; }

    internal int Limit { get; private set; }

    internal CampaignSite Site { get; private set; } = null!;

    internal LimitGroup Link { get; private set; } = null!;

    internal LimitGroup Tenant { get; private set; } = null!;

    /// <summary>The indexes of its items in flight.</summary>
    internal SortedSet<int> InFlightItems { get; } = [];

    /// <summary>The indexes of its items whose outcome the agent may still settle.</summary>
    internal SortedSet<int> UnsettledItems { get; } = [];

    /// <summary>Its waiting items, one queue per wave.</summary>
    internal SortedDictionary<int, HostQueue> Queues { get; } = [];

    [JsonInclude]
    internal CircuitBreaker Circuit { get; set; } = new();

    /// <summary>The position of its agent's journal at the last claim of this epoch; null before.</summary>
    [JsonInclude]
    internal AgentJournal? Journal { get; set; }

    [JsonInclude]
    internal DateTimeOffset JournalTime { get; set; }

    [JsonInclude]
    internal int UnreachableInARow { get; set; }

    [JsonInclude]
    internal int Failures { get; set; }

    /// <summary>Incremented whenever failures are counted from zero.</summary>
    [JsonInclude]
    internal int Budget { get; set; } = 1;

    internal bool HasRoom => InFlight < Limit && Circuit.LetsThrough;

    /// <summary>Places it in the plan. Called once, before anything else.</summary>
    internal void Join(int index, string name, int limit, CampaignSite site, LimitGroup link, LimitGroup tenant)
        => (Index, Name, Limit, Site, Link, Tenant) = (index, name, limit, site, link, tenant);
}

/// <summary>The current state of one site of a campaign. Changes when events are applied; not thread-safe.</summary>
public sealed class CampaignSite
{
    [JsonConstructor]
    internal CampaignSite()
    {
    }

    /// <summary>Its name; empty for hosts whose site is unknown.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>How many items of its hosts are in flight.</summary>
    public int InFlight { get; internal set; }

    /// <summary>The state of its circuit breaker. Hosts whose site is unknown share no breaker.</summary>
    public BreakerStatus Breaker => Circuit.Status;

    internal int Index { get; private set; }

    internal int Limit { get; private set; }

    [JsonInclude]
    internal CircuitBreaker Circuit { get; set; } = new();

    /// <summary>The indexes of its hosts whose breakers opened because of failures since an item of the site last succeeded.</summary>
    [JsonInclude]
    internal SortedSet<int> FailingHosts { get; set; } = [];

    /// <summary>The indexes of its hosts whose breakers opened because of missing answers since an agent of the site last accepted an item.</summary>
    [JsonInclude]
    internal SortedSet<int> SilentHosts { get; set; } = [];

    internal bool HasRoom => InFlight < Limit && Circuit.LetsThrough;

    /// <summary>Places it in the plan. Called once, before anything else.</summary>
    internal void Join(int index, string name, int limit) => (Index, Name, Limit) = (index, name, limit);
}

/// <summary>The circuit breaker of a host or site.</summary>
internal sealed class CircuitBreaker
{
    public BreakerStatus Status { get; set; }

    /// <summary>Whether it opened because of missing answers, not failures.</summary>
    public bool Unreachable { get; set; }

    /// <summary>When it lets a probe through; null unless it is open.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>How often it opened since it was last closed.</summary>
    public int Openings { get; set; }

    /// <summary>The index of the probing item; -1 for none.</summary>
    public int Probe { get; set; } = -1;

    public bool LetsThrough => Status switch
    {
        BreakerStatus.Closed => true,
        BreakerStatus.HalfOpen => Probe < 0,
        _ => false,
    };
}
