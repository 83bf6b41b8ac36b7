using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations;
using HostAgent.HyperV;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.MachineReads;

/// <summary>What one read showed, with what the agent itself knows of it.</summary>
/// <param name="Id">Names the read for a ticket.</param>
/// <param name="Time">When it began.</param>
/// <param name="Believed">Whether what is missing is known to be missing.</param>
/// <param name="Reading">What the host showed.</param>
/// <param name="Host">The host and its replica server.</param>
/// <param name="Live">The agent's own live operation on the machine; null when there is none.</param>
internal sealed record FactsRead(Guid Id, DateTimeOffset Time, bool Believed, MachineReading Reading, HostStatus Host, LiveOperation? Live)
{
    /// <summary>The machine's network adapters; empty where they were not asked for.</summary>
    public IReadOnlyList<MachineAdapter> Adapters { get; init; } = [];

    /// <summary>The switch that was asked for; null where none was.</summary>
    public HostSwitch? Switch { get; init; }

    /// <summary>When the machine last started and stopped, and why; null for one without replication.</summary>
    public MachineRun? Run { get; init; }

    /// <summary>When the host was started, by its own clock; null when not known.</summary>
    public DateTimeOffset? HostBooted { get; init; }

    /// <summary>What the host's own clock showed; null when not known.</summary>
    public DateTimeOffset? HostTime { get; init; }

    /// <summary>The operation that may have started a job; null when no live one may have.</summary>
    public Guid? OperationOf(ConcreteJob job) => Live is not null
        && (Live.Snapshot.JobPath == job.Path.ToString() || Live.Kind.Starts(job) || Live.Kind.GoesOnWith(job))
            ? Live.Snapshot.Facts.OperationId
            : null;
}

/// <summary>Reads the facts that steps between two hosts are decided on.</summary>
internal sealed class MachineFactsSource(HyperVHost host, LiveOperations live, FactsTickets tickets, RunRecords runs, HostTiming timing, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _inSightSince = time.GetTimestamp();

    /// <summary>Reads one machine.</summary>
    /// <param name="id">The machine.</param>
    /// <param name="cancellationToken">Gives the reading up.</param>
    /// <param name="withAdapters">Whether its network adapters are read too.</param>
    /// <param name="switchName">A switch of the host that is described too; null for none.</param>
    public Task<FactsRead> ReadAsync(VirtualMachineId id, CancellationToken cancellationToken, bool withAdapters = false, string? switchName = null) => WatchedAsync(async (facts, began) =>
    {
        var status = await host.DescribeAsync(cancellationToken);
        var reading = await host.ReadMachineAsync(id, cancellationToken);
        var (booted, now) = await host.ReadClockAsync(cancellationToken);
        return new FactsRead(facts, began, IsBelieved(reading), reading, status, live.On(id.ToString()))
        {
            Adapters = withAdapters && reading.Machine is not null ? await host.Networks.ListAsync(id, cancellationToken) : [],
            Switch = switchName is null ? null : await host.Networks.DescribeSwitchAsync(switchName, cancellationToken),
            HostBooted = booted,
            HostTime = now,
            Run = reading.Machine is { } machine ? await runs.SeenAsync(machine, booted, cancellationToken) : null,
        };
    }, cancellationToken);

    /// <summary>Reads all machines of the host, by their names: one read, with one name for tickets.</summary>
    public Task<IReadOnlyList<FactsRead>> ListAsync(CancellationToken cancellationToken) => WatchedAsync<IReadOnlyList<FactsRead>>(async (facts, began) =>
    {
        var status = await host.DescribeAsync(cancellationToken);
        var readings = await host.ListMachineReadingsAsync(cancellationToken);
        var (booted, now) = await host.ReadClockAsync(cancellationToken);
        var seen = await runs.SeenAsync([.. readings.Select(reading => reading.Machine!)], booted, cancellationToken);
        return [.. readings.Select(reading => new FactsRead(facts, began, IsBelieved(reading), reading, status, live.On(reading.Machine!.Id.ToString()))
        {
            HostBooted = booted,
            HostTime = now,
            Run = seen.GetValueOrDefault(reading.Machine!.Id),
        })];
    }, cancellationToken);

    private bool IsBelieved(MachineReading reading) => reading.ServiceAnswers && InSight() >= timing.UndecidedGracePeriod;

    private async Task<T> WatchedAsync<T>(Func<Guid, DateTimeOffset, Task<T>> read, CancellationToken cancellationToken)
    {
        var (facts, began) = (tickets.Begin(), time.GetUtcNow());
        try
        {
            return await read(facts, began);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A management service that comes back shows machines before their replication.
            lock (_gate)
            {
                _inSightSince = time.GetTimestamp();
            }

            throw;
        }
    }

    private TimeSpan InSight()
    {
        lock (_gate)
        {
            return time.GetElapsedTime(_inSightSince);
        }
    }
}
