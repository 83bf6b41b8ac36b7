using System.Threading.Channels;
using HostAgent.Agent.Jobs;

namespace HostAgent.Agent.Operations;

/// <summary>What waits for an operation to look at: only the newest sighting, so that it never grows.</summary>
internal sealed class OperationInbox
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private JobObservation? _sighting;

    /// <summary>Takes what was seen; a sighting not yet looked at is replaced.</summary>
    public void OnObserved(JobObservation sighting)
    {
        lock (_gate)
        {
            _sighting = _sighting is { } missed ? Merge(missed, sighting) : sighting;
        }

        Wake();
    }

    /// <summary>Wakes the operation without anything new to see.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>The newest sighting not yet looked at.</summary>
    public JobObservation? Take()
    {
        lock (_gate)
        {
            var sighting = _sighting;
            _sighting = null;
            return sighting;
        }
    }

    /// <summary>Completes when there may be something new.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    private static JobObservation Merge(JobObservation older, JobObservation newer) => newer with
    {
        OutOfSight = older.OutOfSight > newer.OutOfSight ? older.OutOfSight : newer.OutOfSight,
        MachinesRead = older.MachinesRead || newer.MachinesRead,
        Machine = newer.MachinesRead ? newer.Machine : older.Machine,
    };
}
