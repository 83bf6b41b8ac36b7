using System.Runtime.CompilerServices;
using Dapper;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Returns;

/// <summary>
/// The returns in one SQLite file beside the campaigns: the newest state of each, and its audit as a hash chain. Every change is durable before
/// anything is done because of it.
/// </summary>
internal sealed partial class ReturnStore : IAsyncDisposable
{
    private static readonly SchemaScripts Scripts = new(typeof(ReturnStore).Assembly, "HostAgent.Coordinator.Returns.Scripts.");

    private readonly string _readers;
    private readonly GroupCommitWriter _writer;

    private ReturnStore(string readers, SqliteConnection connection, ILogger<ReturnStore> logger)
    {
        _readers = readers;
        _writer = new GroupCommitWriter(connection, new Commits(logger), logger);
    }

    /// <summary>Opens the file; creates it if it is missing.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, or a newer version wrote it.</exception>
    public static ReturnStore Open(string file, ILogger<ReturnStore> logger)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteDatabase.OpenToWrite(file);
            if (SchemaScripts.VersionOf(connection) is var schema && schema > Scripts.Newest)
            {
                throw new StoreUnavailableException($"The store {file} has schema {schema}, but this version knows only schemas up to {Scripts.Newest}: run the version that wrote it, or a newer one.");
            }

            Scripts.Upgrade(connection);
            return new ReturnStore(SqliteDatabase.ReaderText(file), connection, logger);
        }
        catch (SqliteException exception)
        {
            connection?.Dispose();
            throw new StoreUnavailableException($"The store '{file}' cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Writes a return's new state and what is recorded of the change, in one commit.</summary>
    /// <param name="state">The state; its version is one more than the stored one, or 1.</param>
    /// <param name="entries">What is recorded.</param>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    public Task WriteAsync(ReturnState state, params IReadOnlyList<AuditEntry> entries) => _writer.WriteAsync((connection, transaction) =>
    {
        var uid = Key(state.Uid);
        var end = connection.QuerySingleOrDefault<EndRow>(
            "SELECT version AS Version, audit_sequence AS AuditSequence, audit_hash AS AuditHash FROM returns WHERE uid = @uid", new { uid }, transaction)
            ?? new EndRow(0, 0, []);
        if (end.Version != state.Version - 1)
        {
            throw new StoreUnavailableException($"Return {uid} is at version {end.Version} in the store, not at {state.Version - 1}: another process has written it.");
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
            """
            INSERT INTO returns (uid, machine, state, version, has_ended, create_time, audit_sequence, audit_hash)
            VALUES (@uid, @machine, @json, @version, @ended, @created, @sequence, @hash)
            ON CONFLICT (uid) DO UPDATE SET state = @json, version = @version, has_ended = @ended, audit_sequence = @sequence, audit_hash = @hash
            """,
            new
            {
                uid,
                machine = Key(state.Machine),
                json = ReturnJson.Write(state),
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
                """
                INSERT INTO audit (uid, sequence, time, actor, source, action, target, result, details, previous_hash, hash)
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

        return true;
    });

    /// <summary>The returns that have not ended.</summary>
    public async Task<IReadOnlyList<ReturnState>> LoadLiveAsync(CancellationToken cancellationToken)
        => await QueryAsync("WHERE has_ended = 0", new { }, cancellationToken);

    /// <summary>The newest return of a machine; null when there was none.</summary>
    public async Task<ReturnState?> FindNewestAsync(Guid machine, CancellationToken cancellationToken)
        => await QueryAsync("WHERE machine = @machine ORDER BY create_time DESC, uid DESC LIMIT 1", new { machine = Key(machine) }, cancellationToken) is [var found] ? found : null;

    /// <summary>Lists returns, newest first.</summary>
    /// <param name="limit">At most this many.</param>
    /// <param name="after">Only those older than this one; null for the newest.</param>
    /// <param name="liveOnly">Only those that have not ended.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task<IReadOnlyList<ReturnState>> ListAsync(int limit, (long CreateTicks, Guid Uid)? after, bool liveOnly, CancellationToken cancellationToken)
        => QueryAsync(
            """
            WHERE (@uid IS NULL OR (create_time, uid) < (@ticks, @uid)) AND (NOT @liveOnly OR has_ended = 0)
            ORDER BY create_time DESC, uid DESC LIMIT @limit
            """,
            new { uid = after is { } last ? Key(last.Uid) : null, ticks = after?.CreateTicks, liveOnly, limit },
            cancellationToken);

    /// <summary>Reads the audit of a return, oldest first.</summary>
    public async IAsyncEnumerable<AuditRecord> ReadAuditAsync(Guid uid, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        await connection.OpenAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<AuditRow>(
            """
            SELECT sequence AS Sequence, time AS Time, actor AS Actor, source AS Source, action AS Action, target AS Target, result AS Result, details AS Details,
                   previous_hash AS PreviousHash, hash AS Hash, 0 AS StreamVersion, x'' AS StreamHash
            FROM audit WHERE uid = @uid ORDER BY sequence
            """,
            new { uid = Key(uid) });
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row.ToRecord();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        SqliteDatabase.CloseReaders(_readers);
    }

    private async Task<IReadOnlyList<ReturnState>> QueryAsync(string where, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        var rows = await connection.QueryAsync<string>(new CommandDefinition($"SELECT state FROM returns {where}", parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(ReturnJson.Read)];
    }

    private static string Key(Guid id) => id.ToString("D");

    private sealed record EndRow(long Version, long AuditSequence, byte[] AuditHash);

    private sealed partial class Commits(ILogger<ReturnStore> logger) : ICommitParticipant
    {
        public void Completing(SqliteConnection connection, SqliteTransaction transaction)
        {
        }

        public void Committed()
        {
        }

        public Exception Refuse(Exception exception)
        {
            LogWriteFailed(logger, exception);
            return exception as StoreUnavailableException ?? new StoreUnavailableException($"The store of returns could not be written to: {exception.Message}", exception);
        }

        [LoggerMessage(EventId = 3101, Level = LogLevel.Error, Message = "Writing a return to the store failed; nothing is done because of it")]
        private static partial void LogWriteFailed(ILogger logger, Exception exception);
    }
}
