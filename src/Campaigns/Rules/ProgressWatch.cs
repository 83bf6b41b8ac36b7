using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// Waits for the progress of running items. Progress is no fact of the campaign, so that this is not part of its state: after a
/// replay the wait begins anew. Progress costs one write; the order of waits is put right only when one seems over.
/// </summary>
internal sealed class ProgressWatch
{
    private readonly Dictionary<int, (DateTimeOffset Time, int Percent)> _seen = [];
    private readonly SortedSet<(DateTimeOffset Due, int Item)> _waits = [];

    public DateTimeOffset? NextDue => _waits.Count > 0 ? _waits.Min.Due : null;

    public void Begin(CampaignItem item, DateTimeOffset now, TimeSpan patience)
    {
        if (_seen.TryAdd(item.Index, (now, 0)))
        {
            _waits.Add((now + patience, item.Index));
        }
        else
        {
            _seen[item.Index] = (now, 0);
        }
    }

    /// <summary>Notes progress.</summary>
    /// <returns>The percentage said before, when the one said now is lower; else null.</returns>
    public int? Seen(CampaignItem item, int? percent, DateTimeOffset now)
    {
        if (!_seen.TryGetValue(item.Index, out var former))
        {
            return null;
        }

        _seen[item.Index] = (now, percent ?? former.Percent);
        return percent < former.Percent ? former.Percent : null;
    }

    public void Elapse(Decision decision)
    {
        var patience = decision.Spec.Timeouts.NoProgress;
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

            // A host out of reach cannot tell of progress; there is another patience for that.
            var next = (item.Host.IsLost ? decision.Now : _seen[index].Time) + patience;
            if (next > decision.Now)
            {
                _waits.Add((next, index));
                continue;
            }

            // The job is at work all the same: a host tells whole percents only. Its place is not given away, and it is said once.
            _waits.Add((decision.Now + patience, index));
            if (!item.IsStalled)
            {
                decision.Emit(new ItemOverdue(item.Id, "NO_PROGRESS", $"No progress for {Documents.DurationText.Write(patience)}; the job is still running on the host."));
            }
        }
    }
}
