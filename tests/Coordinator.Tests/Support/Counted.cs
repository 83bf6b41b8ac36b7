using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>What the counters of one meter factory have counted so far.</summary>
internal sealed class Counted : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _sums = new();

    public Counted(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, measurement, _, _) => _sums.AddOrUpdate(instrument.Name, measurement, (_, sum) => sum + measurement));
        _listener.Start();
    }

    public long this[string counter] => _sums.GetValueOrDefault(counter);

    public void Dispose() => _listener.Dispose();
}
