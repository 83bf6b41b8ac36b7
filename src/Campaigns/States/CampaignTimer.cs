using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.States;

/// <summary>Something due at a time. The key is an item, host, site or wave, depending on the kind.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CampaignTimer(DateTimeOffset Due, TimerKind Kind, int Key) : IComparable<CampaignTimer>
{
    public int CompareTo(CampaignTimer other)
    {
        var byDue = Due.CompareTo(other.Due);
        // As numbers: an enumeration compares objects, and this runs for every change of a timer.
        var byKind = byDue != 0 ? byDue : ((int)Kind).CompareTo((int)other.Kind);
        return byKind != 0 ? byKind : Key.CompareTo(other.Key);
    }
}

internal enum TimerKind
{
    Start,

    Soak,

    /// <summary>A host's breaker may let a probe through.</summary>
    Breaker,

    /// <summary>An item's next attempt, delivery or recheck.</summary>
    ItemNext,

    /// <summary>The timeout of an unreachable host.</summary>
    ItemUnreachable,

    /// <summary>The timeout of an attempt.</summary>
    ItemDeadline,

    /// <summary>A site's breaker may let a probe through.</summary>
    SiteBreaker,
}
