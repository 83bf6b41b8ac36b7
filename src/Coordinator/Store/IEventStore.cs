using HostAgent.Campaigns;

namespace HostAgent.Coordinator.Store;

/// <summary>What can be read of the store, also while another coordinator is at work on it.</summary>
internal interface IEventReader : IAsyncDisposable
{
    /// <summary>Reads the events of a campaign after a version, oldest first.</summary>
    IAsyncEnumerable<StoredEvent> LoadAsync(Guid campaign, long afterVersion, CancellationToken cancellationToken);

    /// <summary>Reads the newest snapshot of a campaign; null when there is none, or when it is damaged.</summary>
    Task<StreamSnapshot?> LoadSnapshotAsync(Guid campaign, CancellationToken cancellationToken);

    /// <summary>Reads the ends of a campaign's chains; null when there is no such campaign.</summary>
    Task<StreamSeal?> LoadSealAsync(Guid campaign, CancellationToken cancellationToken);

    /// <summary>Reads which campaigns hold which machines.</summary>
    Task<IReadOnlyList<MachineHold>> LoadHoldsAsync(CancellationToken cancellationToken);

    /// <summary>Reads the last written percentages of a campaign.</summary>
    Task<IReadOnlyList<ItemProgress>> LoadProgressAsync(Guid campaign, CancellationToken cancellationToken);

    /// <summary>Reads the commands with a request id that took effect on a campaign after a time.</summary>
    Task<IReadOnlyList<AnsweredRequest>> LoadRequestsAsync(Guid campaign, DateTimeOffset after, CancellationToken cancellationToken);

    /// <summary>Finds a campaign by its id; null when there is none.</summary>
    Task<CampaignHead?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Finds a deleted campaign by its former id; null when there is none.</summary>
    /// <param name="id">The id.</param>
    /// <param name="uid">Its uid; null for the one deleted last.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<Guid?> FindDeletedAsync(string id, Guid? uid, CancellationToken cancellationToken);

    /// <summary>Lists campaigns, newest first; with documents only when listing those that are not terminal.</summary>
    Task<IReadOnlyList<CampaignHead>> ListAsync(CampaignQuery query, CancellationToken cancellationToken);

    /// <summary>Reads the audit chain of a campaign after a sequence, oldest first.</summary>
    IAsyncEnumerable<AuditRecord> ReadAuditAsync(Guid campaign, long afterSequence, CancellationToken cancellationToken);
}

/// <summary>
/// The coordinator's durable store: one append-only, versioned stream of events per campaign, and one
/// hash chain of audit records per campaign, written in the same transaction as the events it describes.
/// </summary>
/// <remarks>Every implementation passes the same contract test suite.</remarks>
internal interface IEventStore : IEventReader
{
    /// <summary>The number of the newest schema script applied to the store.</summary>
    int Schema { get; }

    /// <summary>Stores a new campaign together with its first events.</summary>
    /// <exception cref="CampaignExistsException">A campaign with that id is already stored.</exception>
    /// <exception cref="StoreUnavailableException">The store could not make it durable; nothing was written.</exception>
    /// <exception cref="StoreOutcomeUnknownException">Only over a network: it may have been written or not. Only reading the stream tells.</exception>
    Task CreateAsync(NewCampaign campaign, StreamAppend first);

    /// <summary>
    /// Appends to the stream of a campaign. When the task completes, everything in <paramref name="append"/> is durable, and its memory is no longer
    /// read. It takes no cancellation token on purpose: a caller that stopped waiting would not know whether the events have happened.
    /// </summary>
    /// <exception cref="VersionConflictException">Another writer has appended since; nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">The store could not make it durable; nothing was written.</exception>
    /// <exception cref="StoreOutcomeUnknownException">Only over a network: it may have been written or not. Only reading the stream tells.</exception>
    Task AppendAsync(StreamAppend append);
}

/// <summary>A campaign with that id is already stored.</summary>
internal sealed class CampaignExistsException(string id) : Exception($"A campaign '{id}' exists already.");

/// <summary>The stream of a campaign is not at the version that the writer expected: another writer has appended to it.</summary>
internal sealed class VersionConflictException(Guid campaign, long expected, long actual)
    : Exception($"The stream of campaign {campaign} is at version {actual}, not at {expected}.")
{
    /// <summary>The version that the writer expected.</summary>
    public long Expected { get; } = expected;

    /// <summary>The stream's actual version.</summary>
    public long Actual { get; } = actual;
}

/// <summary>A return or a drill is not at the version that its writer expected: another process has written it.</summary>
/// <param name="what">It, as in the store.</param>
/// <param name="expected">The version that the writer expected.</param>
/// <param name="actual">The actual version; 0 for none.</param>
internal sealed class StateConflictException(string what, long expected, long actual)
    : Exception(FormattableString.Invariant($"{what} is at version {actual} in the store, not at {expected}: another process has written it."));

/// <summary>The store cannot be opened, read or written to.</summary>
internal sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Whether a write was made durable is unknown: the connection broke at the commit and the database has stayed away. The stream must be read again.</summary>
internal sealed class StoreOutcomeUnknownException(Exception cause)
    : Exception("The connection to the store broke while a write was committed, and the store did not come back to say whether it was.", cause);
