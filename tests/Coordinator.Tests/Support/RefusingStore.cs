using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>Makes a store refuse events from outside the coordinator, as a full disk does, until it is disposed of.</summary>
internal sealed class RefusingStore : IAsyncDisposable
{
    private readonly string _file;

    private RefusingStore(string file) => _file = file;

    /// <summary>Makes the store refuse.</summary>
    /// <param name="file">The store.</param>
    /// <param name="events">Which events, a condition over the row <c>new</c>.</param>
    public static async Task<RefusingStore> MakeAsync(string file, string events = "true")
    {
        await ExecuteAsync(file, $"CREATE TRIGGER refused BEFORE INSERT ON events WHEN {events} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        return new RefusingStore(file);
    }

    /// <summary>Keeps every writer waiting until the connection is closed.</summary>
    public static async Task<SqliteConnection> LockAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        // Dapper would close it again after the command.
        await connection.OpenAsync();
        await connection.ExecuteAsync("BEGIN IMMEDIATE");
        return connection;
    }

    /// <summary>Writes to the store from outside the coordinator.</summary>
    public static async Task ExecuteAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.ExecuteAsync(sql);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await ExecuteAsync(_file, "DROP TRIGGER refused");
}
