using System.Runtime.CompilerServices;
using Dapper;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Store.Sqlite;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>The event store in a PostgreSQL database that several coordinators may share.</summary>
internal sealed class PostgreSqlEventStore : IEventStore
{
    private const string ListedColumns = """
        uid::text AS Uid, id AS Id, source AS Source, created_by AS CreatedBy, create_time AS CreateTime,
        version AS Version, state::bigint AS State, is_terminal::int::bigint AS IsTerminal, summary AS Summary
        """;

    private const string Columns = """
        uid::text AS Uid, id AS Id, document AS Document, source AS Source, created_by AS CreatedBy, create_time AS CreateTime,
        version AS Version, state::bigint AS State, is_terminal::int::bigint AS IsTerminal, summary AS Summary
        """;

    private readonly NpgsqlDataSource _database;
    private readonly PostgreSqlWriter _writer;

    private PostgreSqlEventStore(NpgsqlDataSource database, PostgreSqlWriter writer) => (_database, _writer) = (database, writer);

    /// <summary>Opens the store; creates or upgrades its tables.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached or used.</exception>
    public static async Task<PostgreSqlEventStore> OpenAsync(string connectionString, TimeProvider time, ILogger<PostgreSqlEventStore> logger, StoreMetrics? metrics = null)
    {
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            // A stopped process must not hold the rows' locks: PostgreSQL would keep them for as long as it sleeps.
            Options = "-c synchronous_commit=on -c idle_in_transaction_session_timeout=2s -c lock_timeout=3s -c statement_timeout=5s",
            ApplicationName = "failback coordinator",
        });
        try
        {
            await using (var connection = await database.OpenConnectionAsync())
            {
                await PostgreSqlSchema.UpgradeAsync(connection);
            }

            return new PostgreSqlEventStore(database, new PostgreSqlWriter(database, time, metrics, logger));
        }
        catch (NpgsqlException exception)
        {
            await database.DisposeAsync();
            throw new StoreUnavailableException($"The store in PostgreSQL cannot be opened: {exception.Message}", exception);
        }
    }

    public int Schema => PostgreSqlSchema.Newest;

    public Task CreateAsync(NewCampaign campaign, StreamAppend first) => _writer.WriteAsync(campaign, first);

    public Task AppendAsync(StreamAppend append) => _writer.WriteAsync(null, append);

    public async IAsyncEnumerable<StoredEvent> LoadAsync(Guid campaign, long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<EventRow>(
            "SELECT version AS Version, time AS Time, type AS Type, data AS Data, hash AS Hash FROM events WHERE campaign = @uid AND version > @afterVersion ORDER BY version",
            new { uid = campaign, afterVersion });
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row.ToEvent();
        }
    }

    public async Task<StreamSnapshot?> LoadSnapshotAsync(Guid campaign, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SnapshotRow>(new CommandDefinition(
            "SELECT version AS Version, data AS Data, event_hash AS EventHash, hash AS Hash FROM snapshots WHERE campaign = @uid",
            new { uid = campaign },
            cancellationToken: cancellationToken));
        return row?.ToSnapshot();
    }

    public async Task<StreamSeal?> LoadSealAsync(Guid campaign, CancellationToken cancellationToken)
    {
        var key = new { uid = campaign };
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);

        // Read in one transaction: a commit in between would look like damage.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SealRow>(new CommandDefinition(
            """
            SELECT version AS Version, event_hash AS EventHash, audit_sequence AS AuditSequence, audit_hash AS AuditHash,
                   EXISTS (SELECT 1 FROM audit WHERE campaign = @uid AND action = 'StartCampaign' AND result LIKE 'OK%')::int::bigint AS HasStart,
                   deleted_time AS DeletedTime
            FROM campaigns WHERE uid = @uid
            """,
            key,
            transaction,
            cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }

        var last = (await connection.QueryFirstOrDefaultAsync<AuditRow>(new CommandDefinition(
            $"SELECT {AuditRow.Columns} FROM audit WHERE campaign = @uid ORDER BY sequence DESC LIMIT 1", key, transaction, cancellationToken: cancellationToken)))?.ToRecord();
        // A deleted campaign keeps only its newest event hash, in its row.
        var known = last is null ? null : row.DeletedTime is not null ? (last.StreamVersion == row.Version ? row.EventHash : null) : await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "SELECT hash FROM events WHERE campaign = @uid AND version = @version", new { key.uid, version = last.StreamVersion }, transaction, cancellationToken: cancellationToken));
        return new StreamSeal(row.Version, row.EventHash, row.AuditSequence, row.AuditHash, last, known, row.HasStart != 0);
    }

    public async Task<IReadOnlyList<MachineHold>> LoadHoldsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<MachineRow>(new CommandDefinition(
            "SELECT m.machine::text AS Machine, m.campaign::text AS Campaign, c.id AS Id, m.host AS Host, m.state::bigint AS State, c.deleted_id AS DeletedId FROM machines m JOIN campaigns c ON c.uid = m.campaign",
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToHold())];
    }

    public async Task<IReadOnlyList<ItemProgress>> LoadProgressAsync(Guid campaign, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<ProgressRow>(new CommandDefinition(
            "SELECT item AS Item, attempt::bigint AS Attempt, percent::bigint AS Percent FROM progress WHERE campaign = @uid",
            new { uid = campaign },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToProgress())];
    }

    public async Task<IReadOnlyList<AnsweredRequest>> LoadRequestsAsync(Guid campaign, DateTimeOffset after, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<RequestRow>(new CommandDefinition(
            "SELECT id::text AS Id, time AS Time, digest AS Digest, items AS Items FROM requests WHERE campaign = @uid AND time > @ticks",
            new { uid = campaign, ticks = after.UtcTicks },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToRequest())];
    }

    public async Task<CampaignHead?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<CampaignRow>(new CommandDefinition(
            $"SELECT {Columns} FROM campaigns WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return row?.ToHead();
    }

    public async Task<Guid?> FindDeletedAsync(string id, Guid? uid, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryFirstOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT uid FROM campaigns WHERE deleted_id = @id AND (@wanted::uuid IS NULL OR uid = @wanted) ORDER BY deleted_time DESC LIMIT 1",
            new { id, wanted = uid },
            cancellationToken: cancellationToken));
        return found;
    }

    public async Task<IReadOnlyList<CampaignHead>> ListAsync(CampaignQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var (filter, parameters) = FilterOf(query);
        return query.LiveOnly
            ? [.. (await connection.QueryAsync<CampaignRow>(new CommandDefinition(
                $"SELECT {Columns} FROM campaigns {filter}", parameters, cancellationToken: cancellationToken))).Select(row => row.ToHead())]
            : [.. (await connection.QueryAsync<ListedCampaignRow>(new CommandDefinition(
                $"SELECT {ListedColumns} FROM campaigns {filter}", parameters, cancellationToken: cancellationToken))).Select(row => row.ToHead())];
    }

    public async IAsyncEnumerable<AuditRecord> ReadAuditAsync(Guid campaign, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<AuditRow>(
            $"SELECT {AuditRow.Columns} FROM audit WHERE campaign = @uid AND sequence > @afterSequence ORDER BY sequence",
            new { uid = campaign, afterSequence });
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row.ToRecord();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

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
