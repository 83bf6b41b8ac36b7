using System.Buffers;
using CommunityToolkit.HighPerformance.Buffers;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Stores a snapshot of a campaign's state now and then, so that a long campaign loads quickly. Nothing waits
/// for it: a missing snapshot only costs the time to read more events.
/// </summary>
/// <param name="campaign">The campaign's uid.</param>
/// <param name="name">Its name.</param>
/// <param name="store">Where its snapshots are kept.</param>
/// <param name="buffers">Lends the memory in which a state is written.</param>
/// <param name="interval">The least number of events between two snapshots.</param>
/// <param name="logger">Receives what goes wrong.</param>
internal sealed partial class SnapshotKeeper(Guid campaign, string name, IEventStore store, ArrayPool<byte> buffers, int interval, ILogger<SnapshotKeeper> logger) : IAsyncDisposable
{
    private const int FirstBuffer = 64 * 1024;

    // The state of a hundred thousand items. A larger one is written too, into memory that is not kept.
    private const int LargestBuffer = 64 * 1024 * 1024;

    private int _size = FirstBuffer;
    private long _kept;
    private Task _writing = Task.CompletedTask;

    /// <summary>Makes the memory that all keepers share. It keeps one buffer of each size: campaigns rarely write at the same moment, and the pool of the whole process would keep one for each thread.</summary>
    public static ArrayPool<byte> CreateBuffers() => ArrayPool<byte>.Create(LargestBuffer, maxArraysPerBucket: 1);

    /// <summary>Reads the campaign, from its newest snapshot if that can be read.</summary>
    /// <exception cref="StreamDamagedException">Its events do not follow from one another.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async Task<CampaignReading> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = await CampaignReading.ReadAsync(store, campaign, cancellationToken);
        _kept = reading.SnapshotVersion;
        if (reading.Unreadable is var (version, explanation))
        {
            LogUnreadable(name, version, explanation);
        }

        return reading;
    }

    /// <summary>Writes a durable state when there have been enough events since the last snapshot.</summary>
    public void Offer(CampaignState state)
    {
        // A snapshot costs O(items), so it must cover at least as many events.
        if (state.Version - _kept < Math.Max(interval, state.Items.Count) || !_writing.IsCompleted)
        {
            return;
        }

        _kept = state.Version;
        // The next state is about as large as this one: a buffer that fits need not grow.
        var buffer = new ArrayPoolBufferWriter<byte>(buffers, _size);
        CampaignSnapshot.Write(state, buffer);
        _size = buffer.WrittenCount;
        _writing = WriteAsync(state.Version, buffer);
    }

    public async ValueTask DisposeAsync() => await _writing;

    private async Task WriteAsync(long version, ArrayPoolBufferWriter<byte> buffer)
    {
        using var lent = buffer;
        try
        {
            await store.AppendAsync(new StreamAppend(campaign, 0, [], [], null) { Snapshot = new StreamSnapshot(version, buffer.WrittenMemory) });
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreOutcomeUnknownException or VersionConflictException)
        {
            LogNotKept(name, version, exception.Message);
        }
    }
}
