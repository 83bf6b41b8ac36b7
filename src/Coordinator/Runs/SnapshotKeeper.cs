using System.Text.Json;
using HostAgent.Campaigns;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Stores a snapshot of a campaign's state now and then, so that a long campaign loads quickly. Nothing waits
/// for it: a missing snapshot only costs the time to read more events.
/// </summary>
internal sealed partial class SnapshotKeeper(Guid campaign, string name, IEventStore store, int interval, ILogger<SnapshotKeeper> logger) : IAsyncDisposable
{
    private long _kept;
    private Task _writing = Task.CompletedTask;

    /// <summary>Reads the newest snapshot; starts empty when none can be read.</summary>
    /// <returns>The machine, and the hash chain that the following events must continue.</returns>
    public async Task<(CampaignMachine Machine, EventChainReader Chain)> ReadAsync(CancellationToken cancellationToken)
    {
        _kept = 0;
        if (await store.LoadSnapshotAsync(campaign, cancellationToken) is not { } snapshot)
        {
            return Beginning;
        }

        try
        {
            var machine = CampaignMachine.Replay(snapshot.Data.Span, []);
            _kept = machine.State.Version;
            return (machine, new EventChainReader(snapshot.Version, snapshot.EventHash));
        }
        catch (JsonException exception)
        {
            LogUnreadable(name, snapshot.Version, exception.Message);
            return Beginning;
        }
    }

    private static (CampaignMachine Machine, EventChainReader Chain) Beginning => (new CampaignMachine(), new EventChainReader(0, default));

    /// <summary>Writes a durable state when there have been enough events since the last snapshot.</summary>
    public void Offer(CampaignState state)
    {
        // A snapshot costs O(items), so it must cover at least as many events.
        if (state.Version - _kept < Math.Max(interval, state.Items.Count) || !_writing.IsCompleted)
        {
            return;
        }

        _kept = state.Version;
        _writing = WriteAsync(new StreamSnapshot(state.Version, CampaignSnapshot.Write(state)));
    }

    public async ValueTask DisposeAsync() => await _writing;

    private async Task WriteAsync(StreamSnapshot snapshot)
    {
        try
        {
            await store.AppendAsync(new StreamAppend(campaign, 0, [], [], null) { Snapshot = snapshot });
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreOutcomeUnknownException or VersionConflictException)
        {
            LogNotKept(name, snapshot.Version, exception.Message);
        }
    }
}
