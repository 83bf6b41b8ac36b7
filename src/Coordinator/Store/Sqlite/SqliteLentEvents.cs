using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>Writes events whose text is in memory that is used again. A <see cref="SqliteCommand"/> takes only a text, and makes an array of it; SQLite itself reads the bytes where they are.</summary>
internal static class SqliteLentEvents
{
    private const string Insert = "INSERT INTO events (campaign, version, time, type, data, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    /// <summary>Inserts an event, in the transaction that the connection has open.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="campaign">The campaign's uid.</param>
    /// <param name="version">The event's version.</param>
    /// <param name="added">The event.</param>
    /// <param name="hash">Its hash.</param>
    /// <exception cref="SqliteException">It was not written.</exception>
    public static void Write(SqliteConnection connection, string campaign, long version, NewEvent added, byte[] hash)
    {
        var database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, Insert, out var statement));
        using (statement)
        {
            Check(raw.sqlite3_bind_text(statement, 1, campaign));
            Check(raw.sqlite3_bind_int64(statement, 2, version));
            Check(raw.sqlite3_bind_int64(statement, 3, added.Time.UtcTicks));
            Check(raw.sqlite3_bind_text(statement, 4, added.Type));
            Check(raw.sqlite3_bind_text(statement, 5, added.Data.Utf8.Span));
            Check(raw.sqlite3_bind_blob(statement, 6, hash));
            Check(raw.sqlite3_step(statement));
        }

        void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
    }
}
