using System.Runtime.InteropServices;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Rules;

/// <summary>Which breakers an item probes. To be asked before the event that ends the item's flight, and its probing with it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Probes(bool Host, bool Site)
{
    public bool Any => Host || Site;

    public static Probes Of(CampaignItem item) => new(item.Host.Circuit.Probe == item.Index, item.Host.Site.Circuit.Probe == item.Index);
}
