using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HostAgent.Agent.Journal;

/// <summary>Opens databases the way the journal needs them.</summary>
internal static class JournalConnection
{
    /// <summary>For the one writer.</summary>
    public static SqliteConnection OpenToWrite(string path) => Prepared(SqliteDatabase.OpenToWrite(path));

    /// <summary>For looking at a database that may be damaged: neither the file nor its log is changed or made, not even when it is closed.</summary>
    public static SqliteConnection OpenToLook(string path)
    {
        // Without a WAL, SQLite would create an empty one and leave it behind, unless the file is opened as immutable.
        var connection = Open(File.Exists(path + "-wal") ? path : ImmutableUri(path), SqliteOpenMode.ReadOnly);
        raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        return connection;
    }

    /// <summary>A database in memory.</summary>
    public static SqliteConnection OpenInMemory() => Open(":memory:", SqliteOpenMode.Memory);

    // Escaped by hand: System.Uri makes the server of a network path an authority, which SQLite refuses.
    private static string ImmutableUri(string path)
    {
        var escaped = string.Join('/', Path.GetFullPath(path).Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));
        return $"file://{(escaped.StartsWith('/') ? "" : "/")}{escaped}?immutable=1";
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode) => Prepared(SqliteDatabase.Open(path, mode));

    private static SqliteConnection Prepared(SqliteConnection connection)
    {
        RowChecksum.Register(connection);
        return connection;
    }
}
