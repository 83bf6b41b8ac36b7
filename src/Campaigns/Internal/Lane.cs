using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal;

/// <summary>The queues of all hosts that share the wave and every limit above the host: either all of them may start an item, or none.</summary>
internal sealed class Lane(CampaignWave wave, CampaignSite site, LimitGroup link, LimitGroup tenant)
{
    public bool HasRoom => wave.InFlight < wave.RampBound && site.HasRoom && link.HasRoom && tenant.HasRoom;

    /// <summary>The first waiting item of each host with room.</summary>
    public SortedSet<int> Heads { get; } = [];

    /// <summary>Its first head as the index has it; -1 when the index does not have the lane.</summary>
    public int ListedHead { get; set; } = -1;
}
