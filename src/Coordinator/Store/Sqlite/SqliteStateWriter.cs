using Dapper;
using HostAgent.Coordinator.Store.States;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>Writes to the tables of states. The caller owns the transaction. What every change of a return or a drill writes goes through prepared commands.</summary>
internal sealed class SqliteStateWriter(SqliteConnection connection, SqliteTransaction transaction, PreparedCommands prepared)
{
    private static readonly Dictionary<StateFamily, FamilyCommands> Commands = Enum.GetValues<StateFamily>().ToDictionary(family => family, FamilyCommands.Of);

    /// <summary>Writes everything.</summary>
    /// <exception cref="StateConflictException">The stored version is not the one before it; nothing was changed.</exception>
    public void Write(StateWrite write)
    {
        var (commands, uid) = (Commands[write.Family], StateTables.Key(write.Uid));
        var end = FindEnd(commands, uid);
        if (end.Version != write.Version - 1)
        {
            throw StateTables.Conflict(write, end.Version);
        }

        var (records, next) = end.After(write);
        prepared.Execute(
            transaction,
            commands.Save,
            ("$uid", uid), ("$machine", StateTables.Key(write.Machine)), ("$state", write.State), ("$version", write.Version), ("$hasEnded", write.HasEnded),
            ("$createTime", write.CreateTicks), ("$sequence", next.AuditSequence), ("$hash", next.AuditHash));
        foreach (var record in records)
        {
            var entry = record.Entry;
            prepared.Execute(
                transaction,
                commands.Record,
                ("$uid", uid), ("$sequence", record.Sequence), ("$time", entry.Time.UtcTicks), ("$actor", entry.Actor), ("$source", entry.Source), ("$action", entry.Action),
                ("$target", entry.Target), ("$result", entry.Result), ("$details", entry.Details), ("$previous", record.PreviousHash.ToArray()), ("$own", record.Hash.ToArray()));
        }

        if (write.Proof is { } proof)
        {
            connection.Execute(
                """
                INSERT INTO proofs (machine, passed, time, valid_until, proof) VALUES (@machine, @Passed, @Ticks, @ValidTicks, @Proof)
                ON CONFLICT (machine, passed) DO UPDATE SET time = @Ticks, valid_until = @ValidTicks, proof = @Proof WHERE time <= @Ticks
                """,
                new { machine = StateTables.Key(proof.Machine), proof.Passed, proof.Ticks, proof.ValidTicks, proof.Proof },
                transaction);
        }
    }

    private StateEnd FindEnd(FamilyCommands commands, string uid)
    {
        using var rows = prepared.Query(transaction, commands.FindEnd, ("$uid", uid));
        return rows.Read() ? new StateEnd(rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2)) : StateEnd.None;
    }

    private sealed record FamilyCommands(string FindEnd, string Save, string Record)
    {
        public static FamilyCommands Of(StateFamily family)
        {
            var table = StateTables.TableOf(family);
            return new FamilyCommands(
                $"SELECT version, audit_sequence, audit_hash FROM {table} WHERE uid = $uid",
                $"""
                INSERT INTO {table} (uid, machine, state, version, has_ended, create_time, audit_sequence, audit_hash)
                VALUES ($uid, $machine, $state, $version, $hasEnded, $createTime, $sequence, $hash)
                ON CONFLICT (uid) DO UPDATE SET state = excluded.state, version = excluded.version, has_ended = excluded.has_ended,
                  audit_sequence = excluded.audit_sequence, audit_hash = excluded.audit_hash
                """,
                $"""
                INSERT INTO {StateTables.AuditOf(family, isServer: false)} (uid, sequence, time, actor, source, action, target, result, details, previous_hash, hash)
                VALUES ($uid, $sequence, $time, $actor, $source, $action, $target, $result, $details, $previous, $own)
                """);
        }
    }
}
