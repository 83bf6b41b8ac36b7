using System.Diagnostics.Metrics;
using HostAgent.Coordinator.Store.Sqlite;

namespace HostAgent.Coordinator.Store;

/// <summary>What the store counts: the meter <c>HostAgent.Coordinator</c>.</summary>
internal sealed class StoreMetrics
{
    private readonly Counter<long> _commits;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _events;

    /// <summary>Makes the counters.</summary>
    public StoreMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("HostAgent.Coordinator");
        _commits = meter.CreateCounter<long>("coordinator.store.commits", "{commit}", "Transactions made durable.");
        _writes = meter.CreateCounter<long>("coordinator.store.writes", "{write}", "Writes of campaigns that were in them.");
        _events = meter.CreateCounter<long>("coordinator.store.events", "{event}", "Events that were in them.");
    }

    /// <summary>Counts one transaction.</summary>
    /// <param name="batch">The writes that waited for it.</param>
    /// <param name="refusals">Which of them were refused and are not in it.</param>
    public void Committed(IReadOnlyList<SqliteWrite> batch, IReadOnlyList<Exception?> refusals)
    {
        var (writes, events) = (0L, 0L);
        for (var index = 0; index < batch.Count; index++)
        {
            writes += refusals[index] is null ? 1 : 0;
            events += refusals[index] is null ? batch[index].Append.Events.Count : 0;
        }

        _commits.Add(1);
        _writes.Add(writes);
        _events.Add(events);
    }
}
