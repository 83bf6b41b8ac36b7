using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// The no-progress timeout of running items. Progress is not stored, so this is not part of the campaign's state: after a
/// replay the timeout restarts. Progress costs one write; the order of timeouts is corrected only when one seems due.
/// </summary>
internal sealed class ProgressWatch
{
    private readonly Dictionary<int, (DateTimeOffset Time, int Percent)> _seen = [];
    private readonly SortedSet<(DateTimeOffset Due, int Item)> _waits = [];

    public DateTimeOffset? NextDue => _waits.Count > 0 ? _waits.Min.Due : null;

    public void Begin(CampaignItem item, DateTimeOffset now, TimeSpan timeout)
    {
        if (_seen.TryAdd(item.Index, (now, 0)))
        {
            _waits.Add((now + timeout, item.Index));
        }
        else
        {
            _seen[item.Index] = (now, 0);
        }
    }

    /// <summary>Records progress.</summary>
    /// <returns>The previous percentage when the new one is lower; otherwise null.</returns>
    public int? Record(CampaignItem item, int? percent, DateTimeOffset now)
    {
        if (!_seen.TryGetValue(item.Index, out var previous))
        {
            return null;
        }

        _seen[item.Index] = (now, percent ?? previous.Percent);
        return percent < previous.Percent ? previous.Percent : null;
    }

    public void Elapse(Decision decision)
    {
        var timeout = decision.Spec.Timeouts.NoProgress;
        while (_waits.Count > 0 && _waits.Min.Due <= decision.Now)
        {
            var (due, index) = _waits.Min;
            _waits.Remove((due, index));
            var item = decision.State.Items[index];
            if (item.Phase != AttemptPhase.Running)
            {
                _seen.Remove(index);
                continue;
            }

            // An unreachable host cannot report progress; timeouts.unreachable covers it.
            var next = (item.Host.IsLost ? decision.Now : _seen[index].Time) + timeout;
            if (next > decision.Now)
            {
                _waits.Add((next, index));
                continue;
            }

            // The job is still running: hosts report whole percents only. It keeps its slot, and the event is emitted once.
            _waits.Add((decision.Now + timeout, index));
            if (!item.IsStalled && item.Status != ItemStatus.Held)
            {
                decision.Emit(new ItemOverdue(item.Id, "NO_PROGRESS", $"No progress for {Documents.DurationText.Write(timeout)}; the agent still follows it."));
            }
        }
    }
}
