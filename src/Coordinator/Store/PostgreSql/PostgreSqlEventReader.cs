using System.Runtime.CompilerServices;
using Dapper;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Store.Rows;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>Reads an event store in a PostgreSQL database; another coordinator may be writing to it.</summary>
internal class PostgreSqlEventReader(NpgsqlDataSource database) : IEventReader
{
    private const int Page = 2000;

    private const string ListedColumns = """
        uid::text AS Uid, id AS Id, source AS Source, created_by AS CreatedBy, create_time AS CreateTime,
        version AS Version, state::bigint AS State, is_terminal::int::bigint AS IsTerminal, summary AS Summary
        """;

    private const string Columns = """
        uid::text AS Uid, id AS Id, document AS Document, source AS Source, created_by AS CreatedBy, create_time AS CreateTime,
        version AS Version, state::bigint AS State, is_terminal::int::bigint AS IsTerminal, summary AS Summary
        """;

    /// <summary>The database; disposed with the reader.</summary>
    protected NpgsqlDataSource Database => database;

    public IAsyncEnumerable<StoredEvent> LoadAsync(Guid campaign, long afterVersion, CancellationToken cancellationToken) => PagesAsync(
        afterVersion,
        async (connection, after) => (await connection.QueryAsync<EventRow>(new CommandDefinition(
            "SELECT version AS Version, time AS Time, type AS Type, data AS Data, hash AS Hash FROM events WHERE campaign = @campaign AND version > @after ORDER BY version LIMIT @Page",
            new { campaign, after, Page },
            cancellationToken: cancellationToken))).Select(row => row.ToEvent()).ToList(),
        stored => stored.Version,
        cancellationToken);

    public Task<StreamSnapshot?> LoadSnapshotAsync(Guid campaign, CancellationToken cancellationToken) => ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<SnapshotRow>(new CommandDefinition(
            "SELECT version AS Version, data AS Data, event_hash AS EventHash, hash AS Hash FROM snapshots WHERE campaign = @campaign",
            new { campaign },
            cancellationToken: cancellationToken)))?.ToSnapshot(),
        cancellationToken);

    public Task<StreamSeal?> LoadSealAsync(Guid campaign, CancellationToken cancellationToken) => ReadAsync(
        connection => LoadSealAsync(connection, campaign, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<MachineHold>> LoadHoldsAsync(CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<MachineHold>>(
        async connection => [.. (await connection.QueryAsync<MachineRow>(new CommandDefinition(
            "SELECT m.machine::text AS Machine, m.campaign::text AS Campaign, c.id AS Id, m.host AS Host, m.state::bigint AS State, c.deleted_id AS DeletedId FROM machines m JOIN campaigns c ON c.uid = m.campaign",
            cancellationToken: cancellationToken))).Select(row => row.ToHold())],
        cancellationToken);

    public Task<IReadOnlyList<ItemProgress>> LoadProgressAsync(Guid campaign, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<ItemProgress>>(
        async connection => [.. (await connection.QueryAsync<ProgressRow>(new CommandDefinition(
            "SELECT item AS Item, attempt::bigint AS Attempt, percent::bigint AS Percent FROM progress WHERE campaign = @campaign",
            new { campaign },
            cancellationToken: cancellationToken))).Select(row => row.ToProgress())],
        cancellationToken);

    public Task<IReadOnlyList<AnsweredRequest>> LoadRequestsAsync(Guid campaign, DateTimeOffset after, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<AnsweredRequest>>(
        async connection => [.. (await connection.QueryAsync<RequestRow>(new CommandDefinition(
            "SELECT id::text AS Id, time AS Time, digest AS Digest, items AS Items FROM requests WHERE campaign = @campaign AND time > @ticks",
            new { campaign, ticks = after.UtcTicks },
            cancellationToken: cancellationToken))).Select(row => row.ToRequest())],
        cancellationToken);

    public Task<CampaignHead?> FindAsync(string id, CancellationToken cancellationToken) => ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<CampaignRow>(new CommandDefinition(
            $"SELECT {Columns} FROM campaigns WHERE id = @id", new { id }, cancellationToken: cancellationToken)))?.ToHead(),
        cancellationToken);

    public Task<Guid?> FindDeletedAsync(string id, Guid? uid, CancellationToken cancellationToken) => ReadAsync(
        connection => connection.QueryFirstOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT uid FROM campaigns WHERE deleted_id = @id AND (@uid::uuid IS NULL OR uid = @uid) ORDER BY deleted_time DESC LIMIT 1",
            new { id, uid },
            cancellationToken: cancellationToken)),
        cancellationToken);

    public Task<IReadOnlyList<CampaignHead>> ListAsync(CampaignQuery query, CancellationToken cancellationToken)
    {
        var (filter, parameters) = FilterOf(query);
        return ReadAsync<IReadOnlyList<CampaignHead>>(
            async connection => query.LiveOnly
                ? [.. (await connection.QueryAsync<CampaignRow>(new CommandDefinition(
                    $"SELECT {Columns} FROM campaigns {filter}", parameters, cancellationToken: cancellationToken))).Select(row => row.ToHead())]
                : [.. (await connection.QueryAsync<ListedCampaignRow>(new CommandDefinition(
                    $"SELECT {ListedColumns} FROM campaigns {filter}", parameters, cancellationToken: cancellationToken))).Select(row => row.ToHead())],
            cancellationToken);
    }

    public IAsyncEnumerable<AuditRecord> ReadAuditAsync(Guid campaign, long afterSequence, CancellationToken cancellationToken) => PagesAsync(
        afterSequence,
        async (connection, after) => (await connection.QueryAsync<AuditRow>(new CommandDefinition(
            $"SELECT {AuditRow.Columns} FROM audit WHERE campaign = @campaign AND sequence > @after ORDER BY sequence LIMIT @Page",
            new { campaign, after, Page },
            cancellationToken: cancellationToken))).Select(row => row.ToRecord()).ToList(),
        record => record.Sequence,
        cancellationToken);

    public virtual ValueTask DisposeAsync() => database.DisposeAsync();

    private static async Task<StreamSeal?> LoadSealAsync(NpgsqlConnection connection, Guid campaign, CancellationToken cancellationToken)
    {
        // Read in one transaction: a commit in between would look like damage.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SealRow>(new CommandDefinition(
            """
            SELECT version AS Version, event_hash AS EventHash, audit_sequence AS AuditSequence, audit_hash AS AuditHash,
                   EXISTS (SELECT 1 FROM audit WHERE campaign = @campaign AND action = 'StartCampaign' AND result LIKE 'OK%')::int::bigint AS HasStart,
                   deleted_time AS DeletedTime
            FROM campaigns WHERE uid = @campaign
            """,
            new { campaign },
            transaction,
            cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }

        var last = (await connection.QueryFirstOrDefaultAsync<AuditRow>(new CommandDefinition(
            $"SELECT {AuditRow.Columns} FROM audit WHERE campaign = @campaign ORDER BY sequence DESC LIMIT 1", new { campaign }, transaction, cancellationToken: cancellationToken)))?.ToRecord();
        // A deleted campaign keeps only its newest event hash, in its row.
        var known = last is null ? null : row.DeletedTime is not null ? (last.StreamVersion == row.Version ? row.EventHash : null) : await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "SELECT hash FROM events WHERE campaign = @campaign AND version = @version", new { campaign, version = last.StreamVersion }, transaction, cancellationToken: cancellationToken));
        return new StreamSeal(row.Version, row.EventHash, row.AuditSequence, row.AuditHash, last, known, row.HasStart != 0);
    }

    // In pages: a reader that is slow keeps neither a connection nor a statement of the server.
    private async IAsyncEnumerable<T> PagesAsync<T>(
        long after, Func<NpgsqlConnection, long, Task<List<T>>> read, Func<T, long> positionOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await ReadAsync(connection => read(connection, after), cancellationToken) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                yield return row;
            }

            after = positionOf(page[^1]);
        }
    }

    /// <summary>Reads with a connection.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read.</exception>
    protected virtual Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) => Database.ReadAsync(read, cancellationToken);

    private static (string Filter, object Parameters) FilterOf(CampaignQuery query) => (
        """
        WHERE deleted_id IS NULL
          AND (@uid::uuid IS NULL OR (create_time, uid) < (@time::bigint, @uid::uuid))
          AND (@anyState OR state = ANY(@states))
          AND (NOT @LiveOnly OR NOT is_terminal)
          AND (@earliest::bigint IS NULL OR create_time >= @earliest)
          AND (@latest::bigint IS NULL OR create_time <= @latest)
        ORDER BY create_time DESC, uid DESC
        LIMIT @Limit
        """,
        new
        {
            uid = query.After?.Uid,
            time = query.After?.CreateTime.UtcTicks,
            anyState = query.States.Count == 0,
            states = query.States.ToArray(),
            earliest = query.Earliest?.UtcTicks,
            latest = query.Latest?.UtcTicks,
            query.LiveOnly,
            query.Limit,
        });
}
