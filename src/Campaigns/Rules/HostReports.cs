using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>Hosts that become unreachable and come back.</summary>
internal static class HostReports
{
    public static void Lost(Decision decision, CampaignHost host, string explanation)
    {
        if (!host.IsLost && decision.State.Status is CampaignStatus.Running or CampaignStatus.Paused or CampaignStatus.Stopping)
        {
            decision.Emit(new HostLost(host.Name, explanation));
        }
    }

    public static void Found(Decision decision, CampaignHost host)
    {
        if (!host.IsLost)
        {
            return;
        }

        var state = decision.State;
        if (state.Status.IsTerminal())
        {
            // Nothing is appended after the end; items that are still unsettled are asked for.
            foreach (var index in host.UnsettledItems)
            {
                decision.Do(AgentEffects.Watch(state.Items[index]));
            }

            return;
        }

        decision.Emit(new HostFound(host.Name));
        Breakers.AfterAnswer(decision, host);
        foreach (var item in host.InFlightItems.Select(index => state.Items[index]).ToList())
        {
            if (item.IsPair)
            {
                // It was followed all the time.
                continue;
            }

            // Items waiting for their next delivery or recheck need not wait any longer.
            if (item.NextTime is not null)
            {
                decision.Emit(item.Phase == AttemptPhase.Rechecking ? new ItemRecheckRepeated(item.Id) : new ItemRedelivered(item.Id));
            }

            AgentEffects.Repeat(decision, item);
        }

        foreach (var index in host.UnsettledItems)
        {
            decision.Do(AgentEffects.Watch(state.Items[index]));
        }
    }
}
