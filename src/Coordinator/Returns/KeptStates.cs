using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.States;

namespace HostAgent.Coordinator.Returns;

/// <summary>What is kept of something that is done with one machine.</summary>
internal interface IKeptState
{
    Guid Uid { get; }

    Guid Machine { get; }

    /// <summary>One more with each change.</summary>
    long Version { get; }

    DateTimeOffset CreateTime { get; }

    DateTimeOffset? EndTime { get; }
}

/// <summary>In which tables, and as which JSON, states are kept.</summary>
/// <param name="Family">The family of the states.</param>
/// <param name="Json">Their JSON.</param>
internal sealed record KeptForm<TState>(StateFamily Family, JsonTypeInfo<TState> Json)
{
    /// <summary>What a state has shown of its machine, which is written in the same commit; null for nothing.</summary>
    public Func<TState, ProofWrite?>? Proof { get; init; }

    public string Write(TState state) => JsonSerializer.Serialize(state, Json);

    /// <exception cref="StoreUnavailableException">The text is not what was written.</exception>
    public TState Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            throw new StoreUnavailableException($"A row of {StateTables.TableOf(Family)} in the store cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>
/// The newest state of each of a family, and its audit as a hash chain. Every change is durable before anything is done because of it; of one machine at
/// most one has not ended.
/// </summary>
internal sealed class KeptStates<TState>(KeptForm<TState> form, IStateStore store)
    where TState : class, IKeptState
{
    /// <summary>Writes a new state and what is recorded of the change, in one commit.</summary>
    /// <param name="state">The state; its version is one more than the stored one, or 1.</param>
    /// <param name="entries">What is recorded.</param>
    /// <exception cref="StateConflictException">Another process has written the state since; nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    public Task WriteAsync(TState state, params IReadOnlyList<AuditEntry> entries) => store.WriteAsync(new StateWrite(
        form.Family, state.Uid, state.Machine, state.Version, state.EndTime is not null, state.CreateTime.UtcTicks, form.Write(state), entries, form.Proof?.Invoke(state)));

    /// <summary>Those that have not ended.</summary>
    public async Task<IReadOnlyList<TState>> LoadLiveAsync(CancellationToken cancellationToken) => Read(await store.LoadLiveAsync(form.Family, cancellationToken));

    /// <summary>The newest of a machine; null when there was none.</summary>
    public async Task<TState?> FindNewestAsync(Guid machine, CancellationToken cancellationToken) => await FindNewestAsync([machine], cancellationToken) is [var found] ? found : null;

    /// <summary>The newest of each of some machines; of those that had one.</summary>
    public async Task<IReadOnlyList<TState>> FindNewestAsync(IEnumerable<Guid> machines, CancellationToken cancellationToken)
        => Read(await store.FindNewestAsync(form.Family, machines, cancellationToken));

    /// <summary>The one of a uid; null when there is none.</summary>
    public async Task<TState?> FindAsync(Guid uid, CancellationToken cancellationToken)
        => await store.FindAsync(form.Family, uid, cancellationToken) is { } found ? form.Read(found) : null;

    /// <summary>Lists them, newest first.</summary>
    /// <param name="limit">At most this many.</param>
    /// <param name="after">Only those older than this one; null for the newest.</param>
    /// <param name="liveOnly">Only those that have not ended.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<TState>> ListAsync(int limit, (long CreateTicks, Guid Uid)? after, bool liveOnly, CancellationToken cancellationToken)
        => Read(await store.ListAsync(form.Family, limit, after, liveOnly, cancellationToken));

    /// <summary>Reads the audit of one, oldest first.</summary>
    public IAsyncEnumerable<AuditRecord> ReadAuditAsync(Guid uid, CancellationToken cancellationToken) => store.ReadAuditAsync(form.Family, uid, cancellationToken);

    private IReadOnlyList<TState> Read(IReadOnlyList<string> texts) => [.. texts.Select(form.Read)];
}
