using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.Internal;

/// <summary>Something that is due at a time. The key is an item, host or wave, by the kind.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CampaignTimer(DateTimeOffset Due, TimerKind Kind, int Key) : IComparable<CampaignTimer>
{
    public int CompareTo(CampaignTimer other)
    {
        var byDue = Due.CompareTo(other.Due);
        var byKind = byDue != 0 ? byDue : Kind.CompareTo(other.Kind);
        return byKind != 0 ? byKind : Key.CompareTo(other.Key);
    }
}
