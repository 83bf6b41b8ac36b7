using HostAgent.Coordinator.Store.Rows;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>
/// Writes snapshots. A state is megabytes in memory that is used again, and a <see cref="SqliteCommand"/> takes only an array of its own; SQLite itself
/// reads the bytes where they are.
/// </summary>
internal static class SqliteSnapshots
{
    private const string Upsert =
        """
        INSERT INTO snapshots (campaign, version, data, event_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (campaign) DO UPDATE SET version = excluded.version, data = excluded.data, event_hash = excluded.event_hash, hash = excluded.hash
        WHERE excluded.version > version
        """;

    /// <summary>Replaces an older snapshot of a campaign, in the transaction that the connection has open.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="campaign">The campaign's uid.</param>
    /// <param name="snapshot">What is written; a newer one in the table stays.</param>
    /// <param name="eventHash">The hash of the event at the snapshot's version; empty when there is none.</param>
    /// <exception cref="SqliteException">It was not written.</exception>
    public static void Write(SqliteConnection connection, string campaign, StreamSnapshot snapshot, byte[] eventHash)
    {
        var database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, Upsert, out var statement));
        using (statement)
        {
            Check(raw.sqlite3_bind_text(statement, 1, campaign));
            Check(raw.sqlite3_bind_int64(statement, 2, snapshot.Version));
            Check(raw.sqlite3_bind_blob(statement, 3, snapshot.Data.Span));
            Check(raw.sqlite3_bind_blob(statement, 4, eventHash));
            Check(raw.sqlite3_bind_blob(statement, 5, SnapshotRow.HashOf(snapshot.Data.Span, eventHash)));
            Check(raw.sqlite3_step(statement));
        }

        void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
    }
}
