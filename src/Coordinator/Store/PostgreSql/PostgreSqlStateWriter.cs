using Dapper;
using HostAgent.Coordinator.Store.States;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>Writes to the tables of states.</summary>
internal sealed class PostgreSqlStateWriter(NpgsqlConnection connection, NpgsqlTransaction transaction) : PostgreSqlTables<StateWrite>(connection, transaction)
{
    private readonly NpgsqlConnection _connection = connection;
    private readonly NpgsqlTransaction _transaction = transaction;
    private readonly Dictionary<(StateFamily, Guid), StateEnd> _ends = [];

    /// <inheritdoc/>
    public override async Task LockAsync(IReadOnlyList<StateWrite> writes)
    {
        foreach (var family in writes.GroupBy(write => write.Family).OrderBy(family => family.Key))
        {
            var rows = await _connection.QueryAsync<LockedRow>(
                $"""
                SELECT uid AS Uid, version AS Version, audit_sequence AS AuditSequence, audit_hash AS AuditHash
                FROM {StateTables.TableOf(family.Key)} WHERE uid = ANY(@uids) ORDER BY uid FOR UPDATE
                """,
                new { uids = family.Select(write => write.Uid).Distinct().ToArray() },
                _transaction);
            foreach (var row in rows)
            {
                _ends[(family.Key, row.Uid)] = new StateEnd(row.Version, row.AuditSequence, row.AuditHash);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task<Exception?> TryWriteAsync(StateWrite write)
    {
        var (table, key) = (StateTables.TableOf(write.Family), (write.Family, write.Uid));
        var end = _ends.GetValueOrDefault(key, StateEnd.None);
        if (end.Version != write.Version - 1)
        {
            return StateTables.Conflict(write, end.Version);
        }

        // Another coordinator may be writing the same one, or one of the same machine: that it was first is known when its transaction has ended. Which index finds that out is chance.
        if (end == StateEnd.None && await _connection.ExecuteAsync(
            $"""
            INSERT INTO {table} (uid, machine, state, version, has_ended, create_time, audit_sequence, audit_hash)
            VALUES (@Uid, @Machine, @State, 0, @HasEnded, @CreateTicks, 0, '') ON CONFLICT DO NOTHING
            """,
            new { write.Uid, write.Machine, write.State, write.HasEnded, write.CreateTicks },
            _transaction) == 0)
        {
            return await _connection.ExecuteScalarAsync<long?>($"SELECT version FROM {table} WHERE uid = @Uid", new { write.Uid }, _transaction) is { } version
                ? StateTables.Conflict(write, version)
                : new StoreUnavailableException($"Machine {StateTables.Key(write.Machine)} has another row of {table} in the store that has not ended.");
        }

        var (records, next) = end.After(write);
        Add(
            $"UPDATE {table} SET state = $2, version = $3, has_ended = $4, audit_sequence = $5, audit_hash = $6 WHERE uid = $1",
            write.Uid, write.State, write.Version, write.HasEnded, next.AuditSequence, next.AuditHash);
        foreach (var record in records)
        {
            var entry = record.Entry;
            Add(
                $"""
                INSERT INTO {StateTables.AuditOf(write.Family, isServer: true)} (uid, sequence, time, actor, source, action, target, result, details, previous_hash, hash)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                """,
                write.Uid, record.Sequence, entry.Time.UtcTicks, entry.Actor, entry.Source, entry.Action, entry.Target, entry.Result, entry.Details,
                record.PreviousHash.ToArray(), record.Hash.ToArray());
        }

        if (write.Proof is { } proof)
        {
            Add(
                """
                INSERT INTO proofs (machine, passed, time, valid_until, proof) VALUES ($1, $2, $3, $4::bigint, $5)
                ON CONFLICT (machine, passed) DO UPDATE SET time = excluded.time, valid_until = excluded.valid_until, proof = excluded.proof WHERE proofs.time <= excluded.time
                """,
                proof.Machine, proof.Passed, proof.Ticks, proof.ValidTicks ?? (object)DBNull.Value, proof.Proof);
        }

        _ends[key] = next;
        return null;
    }

    private sealed record LockedRow(Guid Uid, long Version, long AuditSequence, byte[] AuditHash);
}
