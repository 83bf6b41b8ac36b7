using System.Text.Json;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;

namespace HostAgent.Coordinator.Store;

/// <summary>A campaign as it was read from the store.</summary>
/// <param name="Machine">Its state, which has decided nothing yet.</param>
/// <param name="Chain">The hash chain up to its newest event; to be compared with the seal.</param>
/// <param name="SnapshotVersion">The version of the snapshot that it began with; 0 without one.</param>
internal sealed record CampaignReading(CampaignMachine Machine, EventChainReader Chain, long SnapshotVersion)
{
    /// <summary>Which snapshot could not be used, and why; null when there was none of that kind.</summary>
    public (long Version, string Explanation)? Unreadable { get; private init; }

    /// <summary>Reads the newest snapshot and the events after it; all events when there is no snapshot that can be read.</summary>
    /// <exception cref="StreamDamagedException">The events do not follow from one another.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async Task<CampaignReading> ReadAsync(IEventReader store, Guid campaign, CancellationToken cancellationToken)
    {
        var reading = Begin(await store.LoadSnapshotAsync(campaign, cancellationToken));
        await foreach (var stored in store.LoadAsync(campaign, reading.Chain.Version, cancellationToken))
        {
            reading.Chain.Take(stored);
            reading.Machine.Apply(CampaignEventCodec.Read(stored.Data));
        }

        return reading;
    }

    private static CampaignReading Begin(StreamSnapshot? snapshot)
    {
        try
        {
            if (snapshot is not null)
            {
                return new CampaignReading(CampaignMachine.Replay(snapshot.Data.Span, []), new EventChainReader(snapshot.Version, snapshot.EventHash), snapshot.Version);
            }
        }
        catch (JsonException exception)
        {
            return new CampaignReading(new CampaignMachine(), new EventChainReader(0, default), 0) { Unreadable = (snapshot!.Version, exception.Message) };
        }

        return new CampaignReading(new CampaignMachine(), new EventChainReader(0, default), 0);
    }
}
