using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using HostAgent.Coordinator.Store.Rows;
using HostAgent.Coordinator.Store.States;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>The tables of returns, drills and proofs, read and written row by row. The SQL is that of both databases.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="uuid">The type of the columns with ids: <c>uuid</c> or <c>text</c>.</param>
internal sealed class StateRows(DbConnection connection, string uuid)
{
    private static readonly StateFamily[] Families = [StateFamily.Returns, StateFamily.Drills];

    private bool IsServer => uuid == "uuid";

    /// <summary>The connection.</summary>
    public DbConnection Connection => connection;

    /// <summary>Reads all rows: each state, followed by its audit, then the proofs.</summary>
    public async IAsyncEnumerable<StoreLine> ReadAsync(DbTransaction transaction, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var family in Families)
        {
            var (table, audit) = (StateTables.TableOf(family), StateTables.AuditOf(family, IsServer));
            foreach (var uid in (await connection.QueryAsync<string>($"SELECT {Text("uid")} FROM {table} ORDER BY create_time, uid", transaction: transaction)).ToList())
            {
                yield return await connection.QuerySingleAsync<StateLine>(
                    $"""
                    SELECT '{table}' AS Family, {Text("uid")} AS Uid, {Text("machine")} AS Machine, state AS State, version AS Version, {Truth("has_ended")} AS HasEnded, create_time AS CreateTime,
                           audit_sequence AS AuditSequence, audit_hash AS AuditHash
                    FROM {table} WHERE uid = CAST(@uid AS {uuid})
                    """,
                    new { uid },
                    transaction);
                await foreach (var row in connection.QueryUnbufferedAsync<StateAuditLine>(
                    $"SELECT {StateAuditRow.Columns} FROM {audit} WHERE uid = CAST(@uid AS {uuid}) ORDER BY sequence", new { uid }, transaction).WithCancellation(cancellationToken))
                {
                    yield return row;
                }
            }
        }

        foreach (var proof in await connection.QueryAsync<ProofLine>(
            $"SELECT {Text("machine")} AS Machine, {Truth("passed")} AS Passed, time AS Time, valid_until AS ValidUntil, proof AS Proof FROM proofs ORDER BY machine, passed", transaction: transaction))
        {
            yield return proof;
        }
    }

    /// <summary>How many returns and drills there are, and how many proofs.</summary>
    public Task<long> CountAsync() => connection.ExecuteScalarAsync<long>("SELECT (SELECT count(*) FROM returns) + (SELECT count(*) FROM drills) + (SELECT count(*) FROM proofs)");

    /// <summary>The statement that adds a row.</summary>
    /// <param name="line">The row.</param>
    /// <param name="state">The state that it belongs to; null for a state, and for a proof.</param>
    public (string Sql, object?[] Values) StatementOf(StoreLine line, StateLine? state) => line switch
    {
        StateLine row => (
            $"""
            INSERT INTO {StateTables.TableOf(row.ToFamily())} (uid, machine, state, version, has_ended, create_time, audit_sequence, audit_hash)
            VALUES (CAST(@p0 AS {uuid}), CAST(@p1 AS {uuid}), @p2, @p3, @p4 <> 0, @p5, @p6, @p7)
            """,
            [row.Uid, row.Machine, row.State, row.Version, row.HasEnded, row.CreateTime, row.AuditSequence, row.AuditHash]),
        StateAuditLine row when state is not null => (
            $"""
            INSERT INTO {StateTables.AuditOf(state.ToFamily(), IsServer)} (uid, sequence, time, actor, source, action, target, result, details, previous_hash, hash)
            VALUES (CAST(@p0 AS {uuid}), @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
            """,
            [state.Uid, row.Sequence, row.Time, row.Actor, row.Source, row.Action, row.Target, row.Result, row.Details, row.PreviousHash, row.Hash]),
        ProofLine row => (
            $"""
            INSERT INTO proofs (machine, passed, time, valid_until, proof) VALUES (CAST(@p0 AS {uuid}), @p1 <> 0, @p2, CAST(@p3 AS bigint), @p4)
            ON CONFLICT (machine, passed) DO UPDATE SET time = excluded.time, valid_until = excluded.valid_until, proof = excluded.proof WHERE proofs.time < excluded.time
            """,
            [row.Machine, row.Passed, row.Time, row.ValidUntil, row.Proof]),
        _ => throw new InvalidOperationException($"No table of states takes a {line.GetType().Name} here."),
    };

    private string Text(string column) => IsServer ? $"{column}::text" : column;

    private string Truth(string column) => IsServer ? $"{column}::int::bigint" : column;
}
