namespace HostAgent.Coordinator.Store.States;

/// <summary>What states are of. Each family has tables of its own.</summary>
internal enum StateFamily
{
    /// <summary>The returns of machines.</summary>
    Returns,

    /// <summary>The drills of replicas.</summary>
    Drills,
}

/// <summary>One all-or-nothing write of a state, which is opaque to the store.</summary>
/// <param name="Family">What it is of.</param>
/// <param name="Uid">Its id.</param>
/// <param name="Machine">The machine. Of one machine at most one state of a family has not ended.</param>
/// <param name="Version">One more than the stored version, or 1.</param>
/// <param name="HasEnded">Whether nothing more will become of it.</param>
/// <param name="CreateTicks">When it was created, in UTC ticks of 100 ns.</param>
/// <param name="State">Its JSON, which no two versions have in common.</param>
/// <param name="Audit">What is recorded of the change.</param>
/// <param name="Proof">What it has shown of the machine; null for nothing.</param>
internal sealed record StateWrite(StateFamily Family, Guid Uid, Guid Machine, long Version, bool HasEnded, long CreateTicks, string State, IReadOnlyList<AuditEntry> Audit, ProofWrite? Proof);

/// <summary>What a test of a machine has shown, which replaces an older one of the same machine and verdict.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Passed">The verdict.</param>
/// <param name="Ticks">When, in UTC ticks of 100 ns.</param>
/// <param name="ValidTicks">Until when it counts, in the same ticks; null for a failed one.</param>
/// <param name="Proof">Its JSON, opaque to the store.</param>
internal sealed record ProofWrite(Guid Machine, bool Passed, long Ticks, long? ValidTicks, string Proof);

/// <summary>When a machine was tested.</summary>
/// <param name="Machine">The machine's id.</param>
/// <param name="Passed">1 for the newest test that was passed, 0 for the newest that failed.</param>
/// <param name="Time">When, in UTC ticks of 100 ns.</param>
/// <param name="ValidUntil">Until when it counts, in the same ticks; null for a failed one.</param>
internal sealed record ProofDate(string Machine, long Passed, long Time, long? ValidUntil);

/// <summary>The newest state of each return and each drill, the audit of each as a hash chain, and the proofs.</summary>
/// <remarks>Every implementation passes the same contract test suite.</remarks>
internal interface IStateStore : IAsyncDisposable
{
    /// <summary>
    /// Makes a write durable. It takes no cancellation token on purpose: a caller that stopped waiting would not know whether the change has happened. Over a network it
    /// waits until the database says so, for as long as the coordinator runs.
    /// </summary>
    /// <exception cref="StateConflictException">Another process has written the state since; nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">The store could not make it durable; nothing was written.</exception>
    /// <exception cref="StoreOutcomeUnknownException">Only over a network, and only while the coordinator stops: it may have been written or not.</exception>
    Task WriteAsync(StateWrite write);

    /// <summary>Reads those that have not ended.</summary>
    Task<IReadOnlyList<string>> LoadLiveAsync(StateFamily family, CancellationToken cancellationToken);

    /// <summary>Reads the newest of each of some machines; of those that had one.</summary>
    Task<IReadOnlyList<string>> FindNewestAsync(StateFamily family, IEnumerable<Guid> machines, CancellationToken cancellationToken);

    /// <summary>Reads the one of a uid; null when there is none.</summary>
    Task<string?> FindAsync(StateFamily family, Guid uid, CancellationToken cancellationToken);

    /// <summary>Lists them, newest first.</summary>
    /// <param name="family">What they are of.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="after">Only those older than this one; null for the newest.</param>
    /// <param name="liveOnly">Only those that have not ended.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    Task<IReadOnlyList<string>> ListAsync(StateFamily family, int limit, (long CreateTicks, Guid Uid)? after, bool liveOnly, CancellationToken cancellationToken);

    /// <summary>Reads the audit of one, oldest first.</summary>
    IAsyncEnumerable<AuditRecord> ReadAuditAsync(StateFamily family, Guid uid, CancellationToken cancellationToken);

    /// <summary>Reads when each machine was tested, by its id.</summary>
    Task<IReadOnlyList<ProofDate>> ListProofDatesAsync(CancellationToken cancellationToken);

    /// <summary>Reads the proofs of a machine.</summary>
    Task<IReadOnlyList<string>> FindProofsAsync(Guid machine, CancellationToken cancellationToken);
}
