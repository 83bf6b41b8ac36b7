using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.States;

/// <content>The counts, indexes and timers of items, which follow from their states.</content>
public sealed partial class CampaignState
{
    private void LeaveFlight(CampaignItem item, ItemStatus status, string explanation)
    {
        SetFenced(item, false);
        item.IsStalled = false;
        item.Explanation = explanation;
        Enter(item, AttemptPhase.None);
        Move(item, status);
        SetNext(item, null);
        SetDeadline(item, null);
        SetUnreachableDeadline(item, null);
        item.Host.Site.Circuit.Probe = item.Host.Site.Circuit.Probe == item.Index ? -1 : item.Host.Site.Circuit.Probe;
        if (item.Host.Circuit.Probe == item.Index)
        {
            item.Host.Circuit.Probe = -1;
            Waiting.Refresh(item.Host);
        }
    }

    private void Enter(CampaignItem item, AttemptPhase phase)
    {
        var was = item.IsInFlight;
        item.Phase = phase;
        if (was == item.IsInFlight)
        {
            return;
        }

        CountInFlight(item);
        Waiting.Refresh(item.Host);
        if (item.Peer is { } peer)
        {
            Waiting.Refresh(peer);
        }
    }

    /// <summary>Counts an item that has started or ended its flight against every limit.</summary>
    private void CountInFlight(CampaignItem item)
    {
        var change = item.IsInFlight ? 1 : -1;
        Whole.InFlight += change;
        item.Host.Site.InFlight += change;
        item.Host.Site.Load += change;
        var lane = WaitingIndex.QueueOf(item).Lane;
        lane.Link.InFlight += change;
        lane.Tenant.InFlight += change;
        item.Wave.InFlight += item.StepKind == StepKind.Synchronize ? 0 : change;
        if (PhaseOf(item.StepKind) is { } phase)
        {
            phase.InFlight += change;
        }

        if (item.Peer is { } peer)
        {
            peer.PeerInFlight += change;
            peer.Site.Load += peer.Site == item.Host.Site ? 0 : change;
        }

        if (item.IsInFlight)
        {
            InFlightItems.Add(item.Index);
            item.Host.InFlightItems.Add(item.Index);
        }
        else
        {
            InFlightItems.Remove(item.Index);
            item.Host.InFlightItems.Remove(item.Index);
        }
    }

    private void Move(CampaignItem item, ItemStatus status)
    {
        Counts.Move(item.Status, status);
        item.Wave.Counts.Move(item.Status, status);
        if (item.Way > 0)
        {
            item.Wave.AwaitsWayBack += (status == ItemStatus.Synced ? 1 : 0) - (item.Status == ItemStatus.Synced ? 1 : 0);
        }

        if (item.IsPair && item.Wave.LeavesOut(item.Way, item.Index))
        {
            item.Wave.CountLeftOutInStep(item.Way, (status == ItemStatus.Synced ? 1 : 0) - (item.Status == ItemStatus.Synced ? 1 : 0));
        }

        var unmet = (EndedUnmet(status) ? 1 : 0) - (EndedUnmet(item.Status) ? 1 : 0);
        if (unmet != 0)
        {
            foreach (var position in item.AwaitedBy)
            {
                Dependencies[position].Unmet += unmet;
            }
        }

        if (status == ItemStatus.Held)
        {
            HeldItems.Add(item.Index);
        }
        else if (item.Status == ItemStatus.Held)
        {
            HeldItems.Remove(item.Index);
        }

        item.Status = status;
    }

    private static bool EndedUnmet(ItemStatus status) => status.IsTerminal() && !status.IsSuccess();

    private void SetNext(CampaignItem item, DateTimeOffset? time)
    {
        Replace(TimerKind.ItemNext, item.Index, item.NextTime, time);
        item.NextTime = time;
    }

    private void SetDeadline(CampaignItem item, DateTimeOffset? time)
    {
        Replace(TimerKind.ItemDeadline, item.Index, item.Deadline, time);
        item.Deadline = time;
    }

    private void SetUnreachableDeadline(CampaignItem item, DateTimeOffset? time)
    {
        Replace(TimerKind.ItemUnreachable, item.Index, item.UnreachableDeadline, time);
        item.UnreachableDeadline = time;
    }
}
