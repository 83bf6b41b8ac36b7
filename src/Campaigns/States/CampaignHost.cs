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

    /// <summary>How many of its items are in flight: those whose current step it makes.</summary>
    public int InFlight => InFlightItems.Count;

    /// <summary>The state of its circuit breaker.</summary>
    public BreakerStatus Breaker => Circuit.Status;

    /// <summary>Whether it is known to be unreachable.</summary>
    [JsonInclude]
    public bool IsLost { get; internal set; }

    internal int Index { get; private set; }

    internal int Limit { get; private set; }

    internal CampaignSite Site { get; private set; } = null!;

    /// <summary>How many items are in flight that it takes part in, whichever host makes their current step: what its limit counts.</summary>
    internal int Load => InFlightItems.Count + PeerInFlight;

    internal int PeerInFlight { get; set; }

    /// <summary>The indexes of the items in flight whose current step is its own.</summary>
    internal SortedSet<int> InFlightItems { get; } = [];

    /// <summary>The indexes of its items whose outcome the agent may still settle.</summary>
    internal SortedSet<int> UnsettledItems { get; } = [];

    /// <summary>Its waiting items: one queue per wave, phase and other host.</summary>
    internal Dictionary<(int Wave, int Peer), HostQueue> Queues { get; } = [];

    /// <summary>The queues of other hosts whose items it takes part in.</summary>
    internal List<HostQueue> PeerQueues { get; } = [];

    /// <summary>Whether it had room, for its own items and for those of others, when its queues were last listed.</summary>
    internal (bool Own, bool AsPeer) ListedRoom { get; set; } = (true, true);

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

    internal bool HasRoom => Load < Limit && Circuit.LetsThrough;

    // A step of another host is no probe of this one, and must not wait for one either.
    internal bool HasRoomAsPeer => Load < Limit && Circuit.Status != BreakerStatus.Open;

    /// <summary>Places it in the plan. Called once, before anything else.</summary>
    internal void Join(int index, string name, int limit, CampaignSite site) => (Index, Name, Limit, Site) = (index, name, limit, site);
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

    /// <summary>How many items of its hosts are in flight: those whose current step they make.</summary>
    public int InFlight { get; internal set; }

    /// <summary>How many items are in flight that its hosts take part in: what its limit counts.</summary>
    internal int Load { get; set; }

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

    internal bool HasRoom => Load < Limit && Circuit.LetsThrough;

    internal bool HasRoomAsPeer => Load < Limit && Circuit.Status != BreakerStatus.Open;

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
