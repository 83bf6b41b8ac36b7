using System.Text.Json.Serialization;

namespace HostAgent.Campaigns.States;

/// <summary>One host of a campaign as it stands. Changes when events are applied; not safe for other threads.</summary>
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

    /// <summary>Where its circuit breaker stands.</summary>
    public BreakerStatus Breaker => Circuit.Status;

    /// <summary>Whether it is out of reach, as far as is known.</summary>
    [JsonInclude]
    public bool IsLost { get; internal set; }

    internal int Index { get; private set; }

    internal int Limit { get; private set; }

    internal CampaignSite Site { get; private set; } = null!;

    internal LimitGroup Link { get; private set; } = null!;

    internal LimitGroup Tenant { get; private set; } = null!;

    /// <summary>The positions of its items in flight.</summary>
    internal SortedSet<int> InFlightItems { get; } = [];

    /// <summary>The positions of its items that the agent may still settle.</summary>
    internal SortedSet<int> UnsettledItems { get; } = [];

    /// <summary>Its waiting items, one queue a wave.</summary>
    internal SortedDictionary<int, HostQueue> Queues { get; } = [];

    [JsonInclude]
    internal CircuitBreaker Circuit { get; set; } = new();

    /// <summary>Where its agent's journal stood at the last claim of this epoch; null before.</summary>
    [JsonInclude]
    internal AgentJournal? Journal { get; set; }

    [JsonInclude]
    internal DateTimeOffset JournalTime { get; set; }

    [JsonInclude]
    internal int UnreachableInARow { get; set; }

    [JsonInclude]
    internal int Failures { get; set; }

    /// <summary>Grows each time that failures are counted anew.</summary>
    [JsonInclude]
    internal int Budget { get; set; } = 1;

    internal bool HasRoom => InFlight < Limit && Circuit.LetsThrough;

    /// <summary>Gives it its place in the plan; once, before anything else.</summary>
    internal void Join(int index, string name, int limit, CampaignSite site, LimitGroup link, LimitGroup tenant)
        => (Index, Name, Limit, Site, Link, Tenant) = (index, name, limit, site, link, tenant);
}

/// <summary>One site of a campaign as it stands. Changes when events are applied; not safe for other threads.</summary>
public sealed class CampaignSite
{
    [JsonConstructor]
    internal CampaignSite()
    {
    }

    /// <summary>Its name; empty for hosts whose site is not known.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>How many items of its hosts are in flight.</summary>
    public int InFlight { get; internal set; }

    /// <summary>Where its circuit breaker stands. Hosts whose site is not known have no breaker in common.</summary>
    public BreakerStatus Breaker => Circuit.Status;

    internal int Index { get; private set; }

    internal int Limit { get; private set; }

    [JsonInclude]
    internal CircuitBreaker Circuit { get; set; } = new();

    /// <summary>The positions of its hosts whose breakers opened for failures since an item of the site last succeeded.</summary>
    [JsonInclude]
    internal SortedSet<int> FailingHosts { get; set; } = [];

    /// <summary>The positions of its hosts whose breakers opened for want of an answer since an agent of the site last took an item.</summary>
    [JsonInclude]
    internal SortedSet<int> SilentHosts { get; set; } = [];

    internal bool HasRoom => InFlight < Limit && Circuit.LetsThrough;

    /// <summary>Gives it its place in the plan; once, before anything else.</summary>
    internal void Join(int index, string name, int limit) => (Index, Name, Limit) = (index, name, limit);
}

/// <summary>
/// How far an agent's journal had come. A journal that was replaced has another id, one that was put back from a copy has fewer commits:
/// either may lack an operation that was sent before.
/// </summary>
/// <param name="Id">The journal.</param>
/// <param name="Commits">How many durable commits it had.</param>
/// <param name="Token">What the journal has since then, and no older copy of it.</param>
public sealed record AgentJournal(Guid Id, long Commits, Guid Token = default);

/// <summary>A host's or site's circuit breaker as the events have left it.</summary>
internal sealed class CircuitBreaker
{
    public BreakerStatus Status { get; set; }

    /// <summary>Whether it opened for want of an answer, not for failures.</summary>
    public bool Unreachable { get; set; }

    /// <summary>When it lets a probe through; null unless it is open.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>How often it opened since it was last closed.</summary>
    public int Openings { get; set; }

    /// <summary>The position of the item that probes; -1 for none.</summary>
    public int Probe { get; set; } = -1;

    public bool LetsThrough => Status switch
    {
        BreakerStatus.Closed => true,
        BreakerStatus.HalfOpen => Probe < 0,
        _ => false,
    };
}
