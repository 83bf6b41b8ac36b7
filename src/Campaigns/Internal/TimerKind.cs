namespace HostAgent.Campaigns.Internal;

internal enum TimerKind
{
    /// <summary>The campaign's start time.</summary>
    Start,

    /// <summary>The end of a wave's soak.</summary>
    Soak,

    /// <summary>A host's breaker may let a probe through.</summary>
    Breaker,

    /// <summary>An item's next attempt, delivery or look.</summary>
    ItemNext,

    /// <summary>The end of the patience with a host that is out of reach.</summary>
    ItemUnreachable,

    /// <summary>The end of the patience with an attempt.</summary>
    ItemDeadline,

    /// <summary>A site's breaker may let a probe through.</summary>
    SiteBreaker,
}
