using System.Diagnostics.Metrics;

namespace HostAgent.Coordinator.Store;

/// <summary>Metrics of the store: the meter <c>HostAgent.Coordinator</c>.</summary>
internal sealed class StoreMetrics
{
    private readonly Counter<long> _commits;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _events;

    public StoreMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("HostAgent.Coordinator");
        _commits = meter.CreateCounter<long>("coordinator.store.commits", "{commit}", "Transactions made durable.");
        _writes = meter.CreateCounter<long>("coordinator.store.writes", "{write}", "Writes of campaigns that were in them.");
        _events = meter.CreateCounter<long>("coordinator.store.events", "{event}", "Events that were in them.");
    }

    public void Committed() => _commits.Add(1);

    /// <summary>Counts one write of a campaign.</summary>
    /// <param name="events">The number of events in it.</param>
    public void Written(int events)
    {
        _writes.Add(1);
        _events.Add(events);
    }
}
