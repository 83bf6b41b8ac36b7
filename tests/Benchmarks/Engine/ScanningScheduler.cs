using HostAgent.Campaigns.Planning;

namespace HostAgent.Benchmarks.Engine;

/// <summary>
/// The engine that one writes in an afternoon, for comparison: two of the five limits, no waves, no retries, nothing stored; after each
/// end it counts what is in flight and looks through all items for what may start.
/// </summary>
internal sealed class ScanningScheduler(CampaignPlan plan, int campaignLimit, int hostLimit)
{
    private readonly Progress[] _items = new Progress[plan.Items.Count];

    private enum Progress
    {
        Waiting,
        InFlight,
        Ended,
    }

    /// <summary>Starts what may start.</summary>
    /// <returns>The positions of the items that were started.</returns>
    public IReadOnlyList<int> Start()
    {
        var total = 0;
        var ofHost = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < _items.Length; index++)
        {
            if (_items[index] == Progress.InFlight)
            {
                total++;
                ofHost[plan.Items[index].Host] = ofHost.GetValueOrDefault(plan.Items[index].Host) + 1;
            }
        }

        var started = new List<int>();
        for (var index = 0; index < _items.Length && total < campaignLimit; index++)
        {
            var host = plan.Items[index].Host;
            if (_items[index] == Progress.Waiting && ofHost.GetValueOrDefault(host) < hostLimit)
            {
                _items[index] = Progress.InFlight;
                ofHost[host] = ofHost.GetValueOrDefault(host) + 1;
                total++;
                started.Add(index);
            }
        }

        return started;
    }

    /// <summary>An item has ended; starts what may start in its place.</summary>
    public IReadOnlyList<int> End(int index)
    {
        _items[index] = Progress.Ended;
        return Start();
    }
}
