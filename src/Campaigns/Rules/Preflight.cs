using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// Checks items before the campaign is started, so that people know early what is not ready: one item per host at a time, however
/// many items there are. Pending checks are not stored: after a replay it asks again for every unknown result.
/// </summary>
internal sealed class Preflight
{
    private readonly Dictionary<int, Queue<int>> _left = [];

    public void Begin(Decision decision, bool onlyUnknown)
    {
        _left.Clear();
        foreach (var item in decision.State.Items.Where(item => !item.Status.IsTerminal() && !item.IsPair && (item.Readiness is null || !onlyUnknown)))
        {
            if (_left.TryGetValue(item.Host.Index, out var queue))
            {
                queue.Enqueue(item.Index);
            }
            else
            {
                _left.Add(item.Host.Index, new Queue<int>());
                decision.Do(AgentEffects.Check(decision.State, item));
            }
        }
    }

    /// <summary>Continues with the host's next item.</summary>
    public void Answered(Decision decision, CampaignHost host)
    {
        if (decision.State.Status is not (CampaignStatus.Ready or CampaignStatus.Scheduled))
        {
            _left.Clear();
        }
        else if (_left.TryGetValue(host.Index, out var queue) && queue.TryDequeue(out var next))
        {
            decision.Do(AgentEffects.Check(decision.State, decision.State.Items[next]));
        }
    }
}
