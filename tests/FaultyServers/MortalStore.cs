using HostAgent.Audit;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Store;

namespace HostAgent.FaultyServers;

/// <summary>The coordinator's store; right before or right after a write the process may end, and what it writes may be noted with the time.</summary>
/// <param name="store">The store.</param>
/// <param name="death">Where the process ends; null for nowhere.</param>
/// <param name="trueTimes">Where it is noted when each version was really about to be written; null for nowhere.</param>
internal sealed class MortalStore(IEventStore store, SuddenDeath? death, TrueTimes? trueTimes) : IEventStore
{
    public int Schema => store.Schema;

    public async Task CreateAsync(NewCampaign campaign, StreamAppend first)
    {
        trueTimes?.Note(first);
        death?.Arrive("BeforeAppend");
        await store.CreateAsync(campaign, first);
        death?.Arrive("AfterAppend");
    }

    public async Task AppendAsync(StreamAppend append)
    {
        trueTimes?.Note(append);
        death?.Arrive("BeforeAppend");
        await store.AppendAsync(append);
        death?.Arrive("AfterAppend");
    }

    public IAsyncEnumerable<StoredEvent> LoadAsync(Guid campaign, long afterVersion, CancellationToken cancellationToken) => store.LoadAsync(campaign, afterVersion, cancellationToken);

    public Task<StreamSnapshot?> LoadSnapshotAsync(Guid campaign, CancellationToken cancellationToken) => store.LoadSnapshotAsync(campaign, cancellationToken);

    public Task<StreamSeal?> LoadSealAsync(Guid campaign, CancellationToken cancellationToken) => store.LoadSealAsync(campaign, cancellationToken);

    public Task<IReadOnlyList<MachineHold>> LoadHoldsAsync(CancellationToken cancellationToken) => store.LoadHoldsAsync(cancellationToken);

    public Task<IReadOnlyList<ItemProgress>> LoadProgressAsync(Guid campaign, CancellationToken cancellationToken) => store.LoadProgressAsync(campaign, cancellationToken);

    public Task<IReadOnlyList<AnsweredRequest>> LoadRequestsAsync(Guid campaign, DateTimeOffset after, CancellationToken cancellationToken) => store.LoadRequestsAsync(campaign, after, cancellationToken);

    public Task<CampaignHead?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    public Task<Guid?> FindDeletedAsync(string id, Guid? uid, CancellationToken cancellationToken) => store.FindDeletedAsync(id, uid, cancellationToken);

    public Task<IReadOnlyList<CampaignHead>> ListAsync(CampaignQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    public IAsyncEnumerable<AuditRecord> ReadAuditAsync(Guid campaign, long afterSequence, CancellationToken cancellationToken) => store.ReadAuditAsync(campaign, afterSequence, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
