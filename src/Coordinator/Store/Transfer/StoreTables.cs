using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>The tables of a store, read and written row by row. The SQL is that of both databases.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="uuid">The type of the columns with ids: <c>uuid</c> or <c>text</c>.</param>
internal sealed class StoreTables(DbConnection connection, string uuid)
{
    private const int RowsOfBatch = 500;

    // SQLite knows the type of a plain column even where there are no rows, and that of an expression only from them.
    private bool IsServer => uuid == "uuid";

    private (string Name, string Order, string Columns)[] Parts =>
    [
        ("events", "version", "version AS Version, time AS Time, type AS Type, data AS Data, hash AS Hash"),
        ("audit", "sequence", """
            sequence AS Sequence, time AS Time, actor AS Actor, source AS Source, action AS Action, target AS Target, result AS Result, details AS Details,
            previous_hash AS PreviousHash, hash AS Hash, stream_version AS StreamVersion, stream_hash AS StreamHash
            """),
        ("progress", "item", $"item AS Item, {Number("attempt")} AS Attempt, {Number("percent")} AS Percent"),
        ("machines", "machine", $"{Text("machine")} AS Machine, host AS Host, {Number("state")} AS State"),
        ("requests", "id", $"{Text("id")} AS Id, time AS Time, digest AS Digest, items AS Items"),
    ];

    /// <summary>Reads all rows as they are at one moment, whatever is written meanwhile.</summary>
    public async IAsyncEnumerable<StoreLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsServer ? IsolationLevel.RepeatableRead : IsolationLevel.Serializable, cancellationToken);
        var campaigns = await connection.QueryAsync<string>($"SELECT {Text("uid")} FROM campaigns ORDER BY create_time, uid", transaction: transaction);
        foreach (var uid in campaigns.ToList())
        {
            yield return await connection.QuerySingleAsync<CampaignLine>(
                $"""
                SELECT {Text("uid")} AS Uid, id AS Id, document AS Document, source AS Source, created_by AS CreatedBy, create_time AS CreateTime, version AS Version, event_hash AS EventHash,
                       {Number("state")} AS State, {Number(IsServer ? "is_terminal::int" : "is_terminal")} AS IsTerminal, summary AS Summary, audit_sequence AS AuditSequence, audit_hash AS AuditHash,
                       deleted_id AS DeletedId, deleted_by AS DeletedBy, deleted_time AS DeletedTime
                FROM campaigns WHERE uid = CAST(@uid AS {uuid})
                """,
                new { uid },
                transaction);
            foreach (var (name, order, columns) in Parts)
            {
                var query = $"SELECT {columns} FROM {name} WHERE campaign = CAST(@uid AS {uuid}) ORDER BY {order}";
                IAsyncEnumerable<StoreLine> rows = name switch
                {
                    "events" => connection.QueryUnbufferedAsync<EventLine>(query, new { uid }, transaction),
                    "audit" => connection.QueryUnbufferedAsync<AuditLine>(query, new { uid }, transaction),
                    "progress" => connection.QueryUnbufferedAsync<ProgressLine>(query, new { uid }, transaction),
                    "machines" => connection.QueryUnbufferedAsync<MachineLine>(query, new { uid }, transaction),
                    _ => connection.QueryUnbufferedAsync<RequestLine>(query, new { uid }, transaction),
                };
                await foreach (var row in rows.WithCancellation(cancellationToken))
                {
                    yield return row;
                }
            }
        }
    }

    /// <summary>How many campaigns there are, deleted ones included.</summary>
    public Task<long> CountAsync() => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM campaigns");

    /// <summary>Writes all rows, or none.</summary>
    public async Task WriteAsync(IAsyncEnumerable<StoreLine> lines, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var waiting = new List<StoreLine>(RowsOfBatch);
        var campaign = string.Empty;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if (line is CampaignLine next)
            {
                await SendAsync(waiting, campaign, transaction, cancellationToken);
                campaign = next.Uid;
            }

            waiting.Add(line);
            if (waiting.Count == RowsOfBatch)
            {
                await SendAsync(waiting, campaign, transaction, cancellationToken);
            }
        }

        await SendAsync(waiting, campaign, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // Together where the database takes statements together: each on its own would be a round trip.
    private async Task SendAsync(List<StoreLine> lines, string campaign, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (lines.Count > 0 && connection.CanCreateBatch)
        {
            await using var batch = connection.CreateBatch();
            batch.Transaction = transaction;
            foreach (var line in lines)
            {
                var (sql, values) = StatementOf(line, campaign);
                var command = batch.CreateBatchCommand();
                command.CommandText = sql;
                Add(command.Parameters, command.CreateParameter, values);
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        else
        {
            foreach (var line in lines)
            {
                var (sql, values) = StatementOf(line, campaign);
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = sql;
                Add(command.Parameters, command.CreateParameter, values);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        lines.Clear();
    }

    private static void Add(DbParameterCollection parameters, Func<DbParameter> create, object?[] values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            var parameter = create();
            (parameter.ParameterName, parameter.Value) = ($"@p{index}", values[index] ?? DBNull.Value);
            parameters.Add(parameter);
        }
    }

    private string Text(string column) => IsServer ? $"{column}::text" : column;

    private string Number(string column) => IsServer ? $"{column}::bigint" : column;

    private (string Sql, object?[] Values) StatementOf(StoreLine line, string campaign) => line switch
    {
        CampaignLine row => (
            $"""
            INSERT INTO campaigns (uid, id, document, source, created_by, create_time, version, event_hash, state, is_terminal, summary, audit_sequence, audit_hash, deleted_id, deleted_by, deleted_time)
            VALUES (CAST(@p0 AS {uuid}), @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9 <> 0, @p10, @p11, @p12, CAST(@p13 AS text), CAST(@p14 AS text), CAST(@p15 AS bigint))
            """,
            [row.Uid, row.Id, row.Document, row.Source, row.CreatedBy, row.CreateTime, row.Version, row.EventHash, row.State, row.IsTerminal, row.Summary, row.AuditSequence, row.AuditHash, row.DeletedId, row.DeletedBy, row.DeletedTime]),
        EventLine row => (
            $"INSERT INTO events (campaign, version, time, type, data, hash) VALUES (CAST(@p0 AS {uuid}), @p1, @p2, @p3, @p4, @p5)",
            [campaign, row.Version, row.Time, row.Type, row.Data, row.Hash]),
        AuditLine row => (
            $"""
            INSERT INTO audit (campaign, sequence, time, actor, source, action, target, result, details, previous_hash, hash, stream_version, stream_hash)
            VALUES (CAST(@p0 AS {uuid}), @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
            """,
            [campaign, row.Sequence, row.Time, row.Actor, row.Source, row.Action, row.Target, row.Result, row.Details, row.PreviousHash, row.Hash, row.StreamVersion, row.StreamHash]),
        ProgressLine row => (
            $"INSERT INTO progress (campaign, item, attempt, percent) VALUES (CAST(@p0 AS {uuid}), @p1, @p2, @p3)",
            [campaign, row.Item, row.Attempt, row.Percent]),
        MachineLine row => (
            $"INSERT INTO machines (machine, campaign, host, state) VALUES (CAST(@p1 AS {uuid}), CAST(@p0 AS {uuid}), @p2, @p3)",
            [campaign, row.Machine, row.Host, row.State]),
        RequestLine row => (
            $"INSERT INTO requests (campaign, id, time, digest, items) VALUES (CAST(@p0 AS {uuid}), CAST(@p1 AS {uuid}), @p2, @p3, @p4)",
            [campaign, row.Id, row.Time, row.Digest, row.Items]),
        _ => throw new InvalidOperationException($"No table takes a {line.GetType().Name}."),
    };
}
