using System.Runtime.CompilerServices;
using Dapper;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Store.Rows;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>
/// The event store in one SQLite file. Writes of many campaigns share a commit; readers have their own connections and never wait for the writer.
/// </summary>
internal sealed class SqliteEventStore : IEventStore
{
    private readonly string _readers;
    private readonly GroupCommitWriter _writer;
    private readonly PreparedCommands _prepared = new();
    private readonly StoreMetrics? _metrics;

    private SqliteEventStore(string readers, SqliteConnection connection, ILogger<SqliteEventStore> logger, StoreMetrics? metrics)
    {
        _readers = readers;
        _metrics = metrics;
        _writer = new GroupCommitWriter(connection, new StoreCommits(metrics, logger), logger);
    }

    /// <summary>Opens the store; creates the file if it is missing and upgrades an older schema.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be opened, is not a store, or was written by a newer version.</exception>
    public static SqliteEventStore Open(string file, ILogger<SqliteEventStore> logger, StoreMetrics? metrics = null)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteDatabase.OpenToWrite(file);
            SqliteSchema.Upgrade(connection);
            return new SqliteEventStore(SqliteDatabase.ReaderText(file), connection, logger, metrics);
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

    public int Schema => SqliteSchema.Newest;

    public Task CreateAsync(NewCampaign campaign, StreamAppend first) => WriteAsync(campaign, first);

    public Task AppendAsync(StreamAppend append) => WriteAsync(null, append);

    public async IAsyncEnumerable<StoredEvent> LoadAsync(Guid campaign, long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        await connection.OpenAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<EventRow>(
            "SELECT version AS Version, time AS Time, type AS Type, data AS Data, hash AS Hash FROM events WHERE campaign = @uid AND version > @afterVersion ORDER BY version",
            new { uid = campaign.ToString("D"), afterVersion });
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row.ToEvent();
        }
    }

    public async Task<StreamSnapshot?> LoadSnapshotAsync(Guid campaign, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        var row = await connection.QuerySingleOrDefaultAsync<SnapshotRow>(new CommandDefinition(
            "SELECT version AS Version, data AS Data, event_hash AS EventHash, hash AS Hash FROM snapshots WHERE campaign = @uid",
            new { uid = campaign.ToString("D") },
            cancellationToken: cancellationToken));
        return row?.ToSnapshot();
    }

    public async Task<StreamSeal?> LoadSealAsync(Guid campaign, CancellationToken cancellationToken)
    {
        var key = new { uid = campaign.ToString("D") };
        await using var connection = new SqliteConnection(_readers);
        await connection.OpenAsync(cancellationToken);

        // Read in one transaction: a commit in between would look like damage.
        await using var transaction = connection.BeginTransaction(deferred: true);
        var row = await connection.QuerySingleOrDefaultAsync<SealRow>(new CommandDefinition(
            """
            SELECT version AS Version, event_hash AS EventHash, audit_sequence AS AuditSequence, audit_hash AS AuditHash,
                   EXISTS (SELECT 1 FROM audit WHERE campaign = @uid AND action = 'StartCampaign' AND result LIKE 'OK%') AS HasStart,
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
        await using var connection = new SqliteConnection(_readers);
        var rows = await connection.QueryAsync<MachineRow>(new CommandDefinition(
            "SELECT m.machine AS Machine, m.campaign AS Campaign, c.id AS Id, m.host AS Host, m.state AS State, c.deleted_id AS DeletedId FROM machines m JOIN campaigns c ON c.uid = m.campaign",
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToHold())];
    }

    public async Task<IReadOnlyList<ItemProgress>> LoadProgressAsync(Guid campaign, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        var rows = await connection.QueryAsync<ProgressRow>(new CommandDefinition(
            "SELECT item AS Item, attempt AS Attempt, percent AS Percent FROM progress WHERE campaign = @uid",
            new { uid = campaign.ToString("D") },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToProgress())];
    }

    public async Task<IReadOnlyList<AnsweredRequest>> LoadRequestsAsync(Guid campaign, DateTimeOffset after, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        var rows = await connection.QueryAsync<RequestRow>(new CommandDefinition(
            "SELECT id AS Id, time AS Time, digest AS Digest, items AS Items FROM requests WHERE campaign = @uid AND time > @ticks",
            new { uid = campaign.ToString("D"), ticks = after.UtcTicks },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToRequest())];
    }

    public async Task<CampaignHead?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        var row = await connection.QuerySingleOrDefaultAsync<CampaignRow>(new CommandDefinition(
            $"SELECT {CampaignRow.Columns} FROM campaigns WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return row?.ToHead();
    }

    public async Task<Guid?> FindDeletedAsync(string id, Guid? uid, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        var found = await connection.QueryFirstOrDefaultAsync<string>(new CommandDefinition(
            "SELECT uid FROM campaigns WHERE deleted_id = @id AND (@wanted IS NULL OR uid = @wanted) ORDER BY deleted_time DESC LIMIT 1",
            new { id, wanted = uid?.ToString("D") },
            cancellationToken: cancellationToken));
        return found is null ? null : Guid.ParseExact(found, "D");
    }

    public async Task<IReadOnlyList<CampaignHead>> ListAsync(CampaignQuery query, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        var (filter, parameters) = FilterOf(query);
        return query.LiveOnly
            ? [.. (await connection.QueryAsync<CampaignRow>(new CommandDefinition(
                $"SELECT {CampaignRow.Columns} FROM campaigns {filter}", parameters, cancellationToken: cancellationToken))).Select(row => row.ToHead())]
            : [.. (await connection.QueryAsync<ListedCampaignRow>(new CommandDefinition(
                $"SELECT {ListedCampaignRow.Columns} FROM campaigns {filter}", parameters, cancellationToken: cancellationToken))).Select(row => row.ToHead())];
    }

    public async IAsyncEnumerable<AuditRecord> ReadAuditAsync(Guid campaign, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readers);
        await connection.OpenAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<AuditRow>(
            $"SELECT {AuditRow.Columns} FROM audit WHERE campaign = @uid AND sequence > @afterSequence ORDER BY sequence",
            new { uid = campaign.ToString("D"), afterSequence });
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

    private static (string Filter, object Parameters) FilterOf(CampaignQuery query) => (
        """
        WHERE deleted_id IS NULL
          AND (@uid IS NULL OR (create_time, uid) < (@time, @uid))
          AND (@anyState OR state IN @states)
          AND (NOT @LiveOnly OR is_terminal = 0)
          AND (@earliest IS NULL OR create_time >= @earliest)
          AND (@latest IS NULL OR create_time <= @latest)
        ORDER BY create_time DESC, uid DESC
        LIMIT @Limit
        """,
        new
        {
            uid = query.After?.Uid.ToString("D"),
            time = query.After?.CreateTime.UtcTicks,
            anyState = query.States.Count == 0,
            states = query.States,
            earliest = query.Earliest?.UtcTicks,
            latest = query.Latest?.UtcTicks,
            query.LiveOnly,
            query.Limit,
        });

    private async Task WriteAsync(NewCampaign? creation, StreamAppend append)
    {
        Exception? refusal;
        try
        {
            refusal = await _writer.WriteAsync((connection, transaction) => new SqliteStreamWriter(connection, transaction, _prepared).TryWrite(creation, append));
        }
        catch (ObjectDisposedException exception)
        {
            throw new StoreUnavailableException("The store is closed.", exception);
        }

        if (refusal is not null)
        {
            throw refusal;
        }

        _metrics?.Written(append.Events.Count);
    }
}
