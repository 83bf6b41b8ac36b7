using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal;

/// <summary>The items of one host and wave that wait for their turn, by their position in the plan.</summary>
internal sealed class HostQueue(CampaignHost host, Lane lane)
{
    public CampaignHost Host { get; } = host;

    public Lane Lane { get; } = lane;

    public SortedSet<int> Waiting { get; } = [];

    /// <summary>Its first item as the lane has it; -1 when the lane does not have the queue.</summary>
    public int ListedHead { get; set; } = -1;
}
