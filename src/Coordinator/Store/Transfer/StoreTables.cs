using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>The tables of a store, read and written row by row. The SQL is that of both databases.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="uuid">The type of the columns with ids: <c>uuid</c> or <c>text</c>.</param>
/// <param name="states">The tables of returns and drills, over the same connection or one to a file of their own; null where there is no such file.</param>
internal sealed class StoreTables(DbConnection connection, string uuid, StateRows? states)
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

    /// <summary>Reads all rows as they are at one moment, whatever is written meanwhile; those of a second file as they are at a later one.</summary>
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

        if (states is null)
        {
            yield break;
        }

        await using var later = states.Connection == connection ? null : await states.Connection.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        await foreach (var line in states.ReadAsync(later ?? transaction, cancellationToken))
        {
            yield return line;
        }
    }

    /// <summary>How many campaigns there are, deleted ones included, and how many returns, drills and proofs.</summary>
    public async Task<(long Campaigns, long States)> CountAsync()
        => (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM campaigns"), states is null ? 0 : await states.CountAsync());

    /// <summary>Writes all rows, or none.</summary>
    public async Task WriteAsync(IAsyncEnumerable<StoreLine> lines, CancellationToken cancellationToken)
    {
        var target = states ?? throw new InvalidOperationException("A store that is filled has tables of states.");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var second = target.Connection == connection ? null : await target.Connection.BeginTransactionAsync(cancellationToken);
        var (waiting, waitingStates) = (new List<(string, object?[])>(RowsOfBatch), new List<(string, object?[])>(RowsOfBatch));
        var campaign = string.Empty;
        StateLine? state = null;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            (campaign, state) = ((line as CampaignLine)?.Uid ?? campaign, line as StateLine ?? state);
            if (line is StateLine or StateAuditLine or ProofLine)
            {
                waitingStates.Add(target.StatementOf(line, state));
            }
            else
            {
                waiting.Add(StatementOf(line, campaign));
            }

            if (waiting.Count + waitingStates.Count == RowsOfBatch)
            {
                await SendAsync();
            }
        }

        await SendAsync();
        // The campaigns last: a store of which they are there is whole.
        await (second?.CommitAsync(cancellationToken) ?? Task.CompletedTask);
        await transaction.CommitAsync(cancellationToken);

        async Task SendAsync()
        {
            await TransferBatch.SendAsync(connection, transaction, waiting, cancellationToken);
            await TransferBatch.SendAsync(target.Connection, second ?? transaction, waitingStates, cancellationToken);
            waiting.Clear();
            waitingStates.Clear();
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
