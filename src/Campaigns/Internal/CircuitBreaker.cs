using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal;

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
