using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// Tests of replicas. Ending one early costs nothing but its result, and what it has made is removed in any case: so a person may cancel it without a confirmation,
/// and a campaign that stops ends its tests.
/// </summary>
internal static class Drills
{
    public static DrillOperation OperationOf(CampaignState state, CampaignItem item)
        => new(item.Planned.VirtualMachineName, state.Spec!.TestFailover ?? new TestFailoverSpec(), state.StartedBy) { EndsBecause = item.CancelRequested ? item.Explanation : null };

    /// <summary>Ends a test early. It is in flight until what it has made is removed.</summary>
    public static void End(Decision decision, CampaignItem item, string actor, string reason)
    {
        decision.Emit(new ItemCancelRequested(item.Id, actor, reason));
        decision.Do(AgentEffects.Follow(decision.State, item));
    }

    /// <summary>Ends every test of a campaign that stops.</summary>
    public static void EndAll(Decision decision)
    {
        var state = decision.State;
        if (state is { Status: CampaignStatus.Stopping, Spec.TestFailover: not null })
        {
            foreach (var item in state.InFlightItems.Select(index => state.Items[index]).Where(item => !item.CancelRequested).ToList())
            {
                End(decision, item, "coordinator", "the campaign stops");
            }
        }
    }
}
