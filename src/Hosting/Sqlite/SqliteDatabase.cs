using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Hosting.Sqlite;

/// <summary>How the servers open their databases.</summary>
public static class SqliteDatabase
{
    // Seconds that a command waits for a lock.
    private const int BusyTimeout = 30;

    /// <summary>Opens a connection of its own.</summary>
    /// <param name="path">The file, a file URI, or <c>:memory:</c>.</param>
    /// <param name="mode">What it may do.</param>
    /// <returns>The open connection.</returns>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(Text(path, mode, pooling: false));
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the connection of the one writer; the file is created, for this account only, when it does not exist.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A connection with a write-ahead log, every commit flushed, and foreign keys enforced.</returns>
    /// <exception cref="SqliteException">The file cannot be opened or is not a database.</exception>
    public static SqliteConnection OpenToWrite(string path)
    {
        var isNew = !File.Exists(path);
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            if (isNew && !OperatingSystem.IsWindows())
            {
                // Still empty. The log beside it, made below, gets the same mode; a directory that was there before may let others in.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            // WAL lets readers go on during a commit; FULL makes a commit survive the loss of power.
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The connection string of readers, who share pooled connections.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The connection string.</returns>
    public static string ReaderText(string path) => Text(path, SqliteOpenMode.ReadOnly, pooling: true);

    /// <summary>Closes the pooled connections of readers, which hold the file open.</summary>
    /// <param name="readerText">Their connection string.</param>
    public static void CloseReaders(string readerText)
    {
        using var pool = new SqliteConnection(readerText);
        SqliteConnection.ClearPool(pool);
    }

    private static string Text(string path, SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        Pooling = pooling,
        DefaultTimeout = BusyTimeout,
    }.ToString();
}
