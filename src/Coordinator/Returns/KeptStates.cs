using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.Rows;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

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
/// <param name="Table">The table of the states.</param>
/// <param name="Json">Their JSON.</param>
internal sealed record KeptForm<TState>(string Table, JsonTypeInfo<TState> Json)
{
    public string AuditTable { get; init; } = $"{Table}_audit";

    /// <summary>What else is written of a state, in the same commit; null for nothing.</summary>
    public Action<SqliteConnection, SqliteTransaction, TState>? Along { get; init; }

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
            throw new StoreUnavailableException($"A row of {Table} in the store cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>
/// The newest state of each of a family, and its audit as a hash chain. Every change is durable before anything is done because of it; of one machine at
/// most one has not ended.
/// </summary>
internal sealed class KeptStates<TState>(KeptForm<TState> form, string readers, GroupCommitWriter writer)
    where TState : class, IKeptState
{
    private const int MostInQuery = 500;

    /// <summary>Writes a new state and what is recorded of the change, in one commit.</summary>
    /// <param name="state">The state; its version is one more than the stored one, or 1.</param>
    /// <param name="entries">What is recorded.</param>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    public Task WriteAsync(TState state, params IReadOnlyList<AuditEntry> entries) => writer.WriteAsync((connection, transaction) =>
    {
        var uid = Key(state.Uid);
        var end = connection.QuerySingleOrDefault<EndRow>(
            $"SELECT version AS Version, audit_sequence AS AuditSequence, audit_hash AS AuditHash FROM {form.Table} WHERE uid = @uid", new { uid }, transaction)
            ?? new EndRow(0, 0, []);
        if (end.Version != state.Version - 1)
        {
            throw new StoreUnavailableException($"{uid} of {form.Table} is at version {end.Version} in the store, not at {state.Version - 1}: another process has written it.");
        }

        var (sequence, hash) = (end.AuditSequence, (ReadOnlyMemory<byte>)end.AuditHash);
        var records = new List<AuditRecord>();
        foreach (var entry in entries)
        {
            var record = AuditChain.Next(++sequence, entry, hash, streamVersion: 0, streamHash: default);
            records.Add(record);
            hash = record.Hash;
        }

        connection.Execute(
            $"""
            INSERT INTO {form.Table} (uid, machine, state, version, has_ended, create_time, audit_sequence, audit_hash)
            VALUES (@uid, @machine, @json, @version, @ended, @created, @sequence, @hash)
            ON CONFLICT (uid) DO UPDATE SET state = @json, version = @version, has_ended = @ended, audit_sequence = @sequence, audit_hash = @hash
            """,
            new
            {
                uid,
                machine = Key(state.Machine),
                json = form.Write(state),
                version = state.Version,
                ended = state.EndTime is not null,
                created = state.CreateTime.UtcTicks,
                sequence,
                hash = hash.ToArray(),
            },
            transaction);
        foreach (var record in records)
        {
            connection.Execute(
                $"""
                INSERT INTO {form.AuditTable} (uid, sequence, time, actor, source, action, target, result, details, previous_hash, hash)
                VALUES (@uid, @Sequence, @time, @Actor, @Source, @Action, @Target, @Result, @Details, @previous, @own)
                """,
                new
                {
                    uid,
                    record.Sequence,
                    time = record.Entry.Time.UtcTicks,
                    record.Entry.Actor,
                    record.Entry.Source,
                    record.Entry.Action,
                    record.Entry.Target,
                    record.Entry.Result,
                    record.Entry.Details,
                    previous = record.PreviousHash.ToArray(),
                    own = record.Hash.ToArray(),
                },
                transaction);
        }

        form.Along?.Invoke(connection, transaction, state);
        return true;
    });

    /// <summary>Those that have not ended.</summary>
    public async Task<IReadOnlyList<TState>> LoadLiveAsync(CancellationToken cancellationToken)
        => await QueryAsync("WHERE has_ended = 0", new { }, cancellationToken);

    /// <summary>The newest of a machine; null when there was none.</summary>
    public async Task<TState?> FindNewestAsync(Guid machine, CancellationToken cancellationToken)
        => await QueryAsync("WHERE machine = @machine ORDER BY create_time DESC, uid DESC LIMIT 1", new { machine = Key(machine) }, cancellationToken) is [var found] ? found : null;

    /// <summary>The newest of each of some machines; of those that had one.</summary>
    public async Task<IReadOnlyList<TState>> FindNewestAsync(IEnumerable<Guid> machines, CancellationToken cancellationToken)
    {
        var found = new List<TState>();
        foreach (var some in machines.Select(Key).Chunk(MostInQuery))
        {
            found.AddRange(await QueryAsync(
                $"""
                WHERE machine IN @some AND NOT EXISTS (
                  SELECT 1 FROM {form.Table} AS later WHERE later.machine = {form.Table}.machine AND (later.create_time, later.uid) > ({form.Table}.create_time, {form.Table}.uid))
                """,
                new { some },
                cancellationToken));
        }

        return found;
    }

    /// <summary>The one of a uid; null when there is none.</summary>
    public async Task<TState?> FindAsync(Guid uid, CancellationToken cancellationToken)
        => await QueryAsync("WHERE uid = @uid", new { uid = Key(uid) }, cancellationToken) is [var found] ? found : null;

    /// <summary>Lists them, newest first.</summary>
    /// <param name="limit">At most this many.</param>
    /// <param name="after">Only those older than this one; null for the newest.</param>
    /// <param name="liveOnly">Only those that have not ended.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task<IReadOnlyList<TState>> ListAsync(int limit, (long CreateTicks, Guid Uid)? after, bool liveOnly, CancellationToken cancellationToken)
        => QueryAsync(
            """
            WHERE (@uid IS NULL OR (create_time, uid) < (@ticks, @uid)) AND (NOT @liveOnly OR has_ended = 0)
            ORDER BY create_time DESC, uid DESC LIMIT @limit
            """,
            new { uid = after is { } last ? Key(last.Uid) : null, ticks = after?.CreateTicks, liveOnly, limit },
            cancellationToken);

    /// <summary>Reads the audit of one, oldest first.</summary>
    public async IAsyncEnumerable<AuditRecord> ReadAuditAsync(Guid uid, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(readers);
        await connection.OpenAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<AuditRow>(
            $"""
            SELECT sequence AS Sequence, time AS Time, actor AS Actor, source AS Source, action AS Action, target AS Target, result AS Result, details AS Details,
                   previous_hash AS PreviousHash, hash AS Hash, 0 AS StreamVersion, x'' AS StreamHash
            FROM {form.AuditTable} WHERE uid = @uid ORDER BY sequence
            """,
            new { uid = Key(uid) });
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row.ToRecord();
        }
    }

    private async Task<IReadOnlyList<TState>> QueryAsync(string where, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(readers);
        var rows = await connection.QueryAsync<string>(new CommandDefinition($"SELECT state FROM {form.Table} {where}", parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(form.Read)];
    }

    private static string Key(Guid id) => id.ToString("D");

    private sealed record EndRow(long Version, long AuditSequence, byte[] AuditHash);
}
