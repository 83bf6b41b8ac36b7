using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>What lets a campaign come to its end: after a turn nothing is left that all the rules would let start. Found by scanning.</summary>
internal static class NothingIsForgotten
{
    public static void Check(CampaignState state)
    {
        foreach (var status in Enum.GetValues<ItemStatus>())
        {
            if (state.Counts[status] != state.Items.Count(item => item.Status == status))
            {
                throw new RuleBrokenException($"the count of {status} is wrong");
            }
        }

        if (state.Status == CampaignStatus.Running && state.Whole.HasRoom && state.Items.FirstOrDefault(MayStart) is { } forgotten)
        {
            throw new RuleBrokenException($"{forgotten.Id} may start and has been forgotten");
        }
    }

    private static bool MayStart(CampaignItem item) => item.IsWaiting && item.Host.HasRoom && item.Peer?.HasRoomAsPeer != false && WaitingIndex.QueueOf(item).Lane.HasRoom;
}
