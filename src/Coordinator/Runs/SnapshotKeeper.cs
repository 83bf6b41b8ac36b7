using System.Text.Json;
using HostAgent.Campaigns;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Keeps the newest snapshot of a campaign's state in the store now and then, so that a long campaign is taken up quickly. Nobody waits
/// for it: a snapshot that was not kept only costs the time of reading more events.
/// </summary>
internal sealed partial class SnapshotKeeper(Guid campaign, string name, IEventStore store, int interval, ILogger<SnapshotKeeper> logger) : IAsyncDisposable
{
    private long _kept;
    private Task _writing = Task.CompletedTask;

    /// <summary>Begins with the newest snapshot; with nothing when there is none that can be read.</summary>
    /// <returns>The machine as it was, and the chain that the events after its version must follow.</returns>
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

    /// <summary>Looks at a state whose events are durable, and writes it when enough has happened since the last time.</summary>
    public void Offer(CampaignState state)
    {
        // It costs as much as there are items: so many events must share the price.
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
        catch (Exception exception) when (exception is StoreUnavailableException or VersionConflictException)
        {
            LogNotKept(name, snapshot.Version, exception.Message);
        }
    }
}
