using System.Threading.Channels;
using HostAgent.Agent.Jobs;

namespace HostAgent.Agent.Operations;

/// <summary>What an operation has not processed yet: only the newest observation, so it never grows.</summary>
internal sealed class OperationInbox
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private JobObservation? _observation;

    /// <summary>Takes an observation; it replaces one not yet taken.</summary>
    public void OnObserved(JobObservation observation)
    {
        lock (_gate)
        {
            _observation = _observation is { } missed ? Merge(missed, observation) : observation;
        }

        Wake();
    }

    /// <summary>Wakes the operation without anything new to see.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>The newest observation not yet taken.</summary>
    public JobObservation? Take()
    {
        lock (_gate)
        {
            var observation = _observation;
            _observation = null;
            return observation;
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
