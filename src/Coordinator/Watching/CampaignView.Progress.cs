using HostAgent.Campaigns.Forecast;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Watching;

/// <content>What agents and the forecast report between two events: percentages and the remaining time.</content>
internal sealed partial class CampaignView
{
    /// <summary>
    /// Shows a percentage reported by a host. A report for an earlier attempt, or a repeated one, is not shown. A lower percentage
    /// is shown by the event that explains it.
    /// </summary>
    /// <param name="index">The item.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="percent">The percentage.</param>
    /// <param name="isPresent">Whether it is the present one, and not one of a recorded event, which may be old.</param>
    public void Advance(int index, int attempt, int percent, bool isPresent)
    {
        lock (_lock)
        {
            var item = _items[index];
            if (item.Attempt != attempt || item.IsTerminal)
            {
                return;
            }

            var isFirstReport = _stored.Remove(index) | (isPresent && _inherited.Remove(index));
            if (_percents[index] >= percent)
            {
                // The percentage now comes from the host, so the sentence about the stored value must go.
                foreach (var subscription in isFirstReport ? _subscriptions : [])
                {
                    subscription.MarkItem(index);
                }

                return;
            }

            var before = WavePercent(item.Wave);
            _wavePercents[item.Wave] -= PercentOf(index);
            _percents[index] = percent;
            _unkept.Add(index);
            _wavePercents[item.Wave] += PercentOf(index);
            var waveMoved = WavePercent(item.Wave) != before;
            if (waveMoved)
            {
                _changed?.Invoke();
            }

            foreach (var subscription in _subscriptions)
            {
                subscription.MarkItem(index);
                if (waveMoved)
                {
                    subscription.MarkCampaign();
                }
            }
        }
    }

    /// <summary>Shows what is being done for an item, until it asks, waits or comes to its next step. A report for an earlier attempt, or a repeated one, is not shown.</summary>
    public void Describe(int index, int attempt, string activity)
    {
        lock (_lock)
        {
            var item = _items[index];
            if (item.Attempt != attempt || item.IsTerminal || (_activities.TryGetValue(index, out var shown) && shown == activity))
            {
                return;
            }

            _activities[index] = activity;
            foreach (var subscription in _subscriptions)
            {
                subscription.MarkItem(index);
            }
        }
    }

    /// <summary>
    /// Shows the percentages stored by an earlier process until the hosts report. A running item says that its percentage is a stored one, and until the host tells its present one, that it
    /// may be lower than one that was shown: an earlier process may have been killed before it could store that.
    /// </summary>
    public void Restore(IEnumerable<ItemProgress> stored)
    {
        lock (_lock)
        {
            _inheritedTime = _time.GetUtcNow();
            for (var index = 0; index < _items.Length; index++)
            {
                if (_items[index] is { Attempt: > 0, IsTerminal: false })
                {
                    _inherited.Add(index);
                }
            }

            foreach (var (id, attempt, percent) in stored)
            {
                if (_indexById.TryGetValue(id, out var index) && _items[index].Attempt == attempt && _percents[index] < percent)
                {
                    _wavePercents[_items[index].Wave] -= PercentOf(index);
                    _percents[index] = percent;
                    _wavePercents[_items[index].Wave] += PercentOf(index);
                    _stored.Add(index);
                }
            }
        }
    }

    /// <summary>The percentages of items for which a host has reported one.</summary>
    public IReadOnlyList<ItemProgress> ProgressOf(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            return
            [
                .. ids.Select(IndexOf).OfType<int>().Where(index => _percents[index] != Unknown)
                    .Select(index => new ItemProgress(_items[index].Id, _items[index].Attempt, _percents[index])),
            ];
        }
    }

    /// <summary>Shows the remaining time; null when it is unknown.</summary>
    public void Show(RemainingTime? remaining)
    {
        lock (_lock)
        {
            if (_remaining == remaining)
            {
                return;
            }

            _remaining = remaining;
            _changed?.Invoke();
            foreach (var subscription in _subscriptions)
            {
                subscription.MarkCampaign();
            }
        }
    }

    /// <summary>Returns the percentages that have changed since the last call, of items that have not ended.</summary>
    public IReadOnlyList<ItemProgress> TakeProgress()
    {
        lock (_lock)
        {
            var progress = _unkept
                .Where(index => !_items[index].IsTerminal && _percents[index] != Unknown)
                .Select(index => new ItemProgress(_items[index].Id, _items[index].Attempt, _percents[index]))
                .ToList();
            _unkept.Clear();
            return progress;
        }
    }
}
