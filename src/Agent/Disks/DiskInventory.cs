using System.Collections.Concurrent;
using HostAgent.HyperV;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Disks;

/// <summary>
/// How large the machines' replicated disks are. A host reports one file size per call, so sizes are cached: a caller
/// waits briefly for sizes not known yet, and reading continues for later callers. There is one reader at a time.
/// </summary>
internal sealed partial class DiskInventory(HyperVHost host, TimeProvider time, ILogger<DiskInventory> logger) : IAsyncDisposable
{
    private const int FilesAtOnce = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Listing the disks is one call. Sizes change rarely, only when a disk is resized; a disk that could not be read may become readable soon.
    private static readonly TimeSpan ListingServes = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SizeServes = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Known> _files = new(StringComparer.OrdinalIgnoreCase);
    private volatile IReadOnlyDictionary<VirtualMachineId, IReadOnlyList<VirtualHardDisk>> _disks = new Dictionary<VirtualMachineId, IReadOnlyList<VirtualHardDisk>>();
    private Task _reading = Task.CompletedTask;
    private long? _read;

    /// <summary>Makes the sizes of a host's machines known, as far as that takes a few seconds at most.</summary>
    /// <param name="machines">All machines of the host.</param>
    /// <param name="cancellationToken">Ends the wait, not the reading.</param>
    /// <returns>The size of a machine's replicated disks in bytes; null when it is not known, or not yet.</returns>
    public async Task<Func<VirtualMachineId, long?>> SizesAsync(IReadOnlyList<VirtualMachine> machines, CancellationToken cancellationToken)
    {
        try
        {
            await ReadingOf(machines).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogNotYet(Patience);
        }

        var disks = _disks;
        return id => disks.TryGetValue(id, out var own) ? DiskSizes.Sum(own, path => _files.TryGetValue(path, out var file) ? file.Bytes : null) : null;
    }

    /// <summary>Ends the reading.</summary>
    public async ValueTask DisposeAsync()
    {
        Task reading;
        lock (_gate)
        {
            _stop.Cancel();
            reading = _reading;
        }

        await reading;
        _stop.Dispose();
    }

    private Task ReadingOf(IReadOnlyList<VirtualMachine> machines)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (_reading.IsCompleted && !(_read is { } read && time.GetElapsedTime(read) < ListingServes))
            {
                _reading = Task.Run(() => ReadAsync(machines, _stop.Token), CancellationToken.None);
            }

            return _reading;
        }
    }

    private async Task ReadAsync(IReadOnlyList<VirtualMachine> machines, CancellationToken cancellationToken)
    {
        try
        {
            var attached = (await host.ListVirtualHardDisksAsync(cancellationToken)).ToLookup(disk => disk.VirtualMachine);
            var disks = machines
                .Where(machine => machine.Relationship is not null)
                .ToDictionary(machine => machine.Id, machine => ReplicatedDisks.Of(machine, attached[machine.Id]));
            _disks = disks;
            var paths = disks.Values.SelectMany(own => own.Select(disk => disk.Path)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            Forget(paths);
            foreach (var some in paths.Where(path => !IsKnown(path)).Chunk(FilesAtOnce))
            {
                foreach (var (path, file) in await host.ReadVirtualHardDisksAsync(some, cancellationToken))
                {
                    _files[path] = new Known(file.Bytes, time.GetTimestamp());
                    if (file.Bytes is null)
                    {
                        LogFileNotRead(path, file.Observed);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is CimException or CimDataException)
        {
            LogNotRead(exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent stops.
        }

        _read = time.GetTimestamp();
    }

    // Drop disks that no machine uses, so that memory stays bounded.
    private void Forget(HashSet<string> paths)
    {
        foreach (var path in _files.Keys.Where(path => !paths.Contains(path)))
        {
            _files.TryRemove(path, out _);
        }
    }

    private bool IsKnown(string path)
        => _files.TryGetValue(path, out var file) && time.GetElapsedTime(file.Read) < (file.Bytes is null ? ListingServes : SizeServes);

    private sealed record Known(long? Bytes, long Read);
}
