using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Hosting;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>The store of a coordinator's settings, open to be read as a whole or to be filled.</summary>
internal sealed class TransferStore : IAsyncDisposable
{
    private readonly DbConnection _connection;
    private readonly IReadOnlyList<IAsyncDisposable> _held;
    private IReadOnlyList<RestingFile> _resting = [];

    // The returns are in the same database, or in a file of their own, which an older coordinator may not have made.
    private TransferStore(string name, DbConnection connection, string uuid, DbConnection? states, params IReadOnlyList<IAsyncDisposable> held)
    {
        (Name, _connection) = (name, connection);
        Tables = new StoreTables(connection, uuid, states is null ? null : new StateRows(states, uuid));
        _held = states is null || states == connection ? held : [states, .. held];
    }

    /// <summary>The store in messages.</summary>
    public string Name { get; }

    /// <summary>Its tables.</summary>
    public StoreTables Tables { get; }

    /// <summary>Reads all rows as they are at one moment.</summary>
    /// <exception cref="StoreUnavailableException">After the last row: the store was changed while it was read.</exception>
    public async IAsyncEnumerable<StoreLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in Tables.ReadAsync(cancellationToken))
        {
            yield return line;
        }

        if (_resting.FirstOrDefault(file => file != RestingFile.Of(file.Path)) is { } resting)
        {
            throw new StoreUnavailableException($"The store '{resting.Path}' was changed while it was read, because a coordinator was started: try again.");
        }
    }

    /// <summary>Opens a store to read it; a coordinator may be at work on it.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public static Task<TransferStore> OpenToReadAsync(CoordinatorOptions options)
        => options.Store.Kind == StoreOptions.PostgreSql ? OpenDatabaseAsync(options.Store, toFill: false) : Task.FromResult(OpenFiles(options));

    /// <summary>Opens a store to fill it; makes its tables. No coordinator may be at work on it.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened.</exception>
    /// <exception cref="StartException">A coordinator runs on the data directory.</exception>
    public static async Task<TransferStore> OpenToFillAsync(CoordinatorOptions options)
    {
        if (options.Store.Kind == StoreOptions.PostgreSql)
        {
            return await OpenDatabaseAsync(options.Store, toFill: true);
        }

        var directory = DataDirectoryLock.Acquire(options.Data, "coordinator");
        DbConnection? states = null;
        try
        {
            var file = FileOf(options);
            // Makes the tables as a coordinator does.
            await SqliteEventStore.Open(file, NullLogger<SqliteEventStore>.Instance).DisposeAsync();
            states = SqliteStateStore.OpenTables(StatesFileOf(options));
            return new TransferStore($"'{file}'", SqliteDatabase.OpenToWrite(file), "text", states, new Released(directory));
        }
        catch
        {
            await (states?.DisposeAsync() ?? ValueTask.CompletedTask);
            directory.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        foreach (var held in _held)
        {
            await held.DisposeAsync();
        }
    }

    private static string FileOf(CoordinatorOptions options) => Path.Combine(options.Data, "campaigns.db");

    private static string StatesFileOf(CoordinatorOptions options) => Path.Combine(options.Data, SqliteStateStore.FileName);

    private static TransferStore OpenFiles(CoordinatorOptions options)
    {
        var (file, states) = (FileOf(options), StatesFileOf(options));
        if (!File.Exists(file))
        {
            throw new StoreUnavailableException(Directory.Exists(options.Data)
                ? $"The store '{file}' does not exist: no coordinator has kept its campaigns in {options.Data}, or this account may not look there."
                : $"The store '{file}' does not exist: there is no directory {options.Data}.");
        }

        var (connection, resting) = OpenFile(file, SqliteSchema.Newest);
        try
        {
            var (second, restingStates) = File.Exists(states) ? OpenFile(states, SqliteStateStore.Newest) : (null, null);
            return new TransferStore($"'{file}'", connection, "text", second) { _resting = [.. new[] { resting, restingStates }.OfType<RestingFile>()] };
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static (SqliteConnection Connection, RestingFile? Resting) OpenFile(string file, int schema)
    {
        SqliteConnection? connection = null;
        try
        {
            // Without a write-ahead log nobody is at work on it. SQLite would create one, and leave it to an account that may not be the coordinator's, unless the file is said not to change.
            var resting = RestingFile.Of(file);
            connection = SqliteDatabase.Open(resting is null ? file : $"file:{Uri.EscapeDataString(Path.GetFullPath(file)).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1", SqliteOpenMode.ReadOnly);
            Require($"'{file}'", SchemaScripts.VersionOf(connection), schema);
            return (connection, resting);
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            throw exception is SqliteException ? new StoreUnavailableException($"The store '{file}' cannot be opened: {exception.Message}", exception) : exception;
        }
    }

    private static async Task<TransferStore> OpenDatabaseAsync(StoreOptions options, bool toFill)
    {
        PostgreSqlLock? held = null;
        NpgsqlDataSource? database = null;
        NpgsqlConnection? connection = null;
        try
        {
            if (toFill)
            {
                held = await PostgreSqlLock.TakeAsync(options, TimeProvider.System, NullLogger<PostgreSqlLock>.Instance, new HoldEvents(() => { }));
            }

            database = PostgreSqlDatabase.Open(options, connections: 1);
            connection = await database.OpenConnectionAsync();
            await PostgreSqlDatabase.RequireUsableAsync(connection);
            if (toFill)
            {
                await PostgreSqlSchema.UpgradeAsync(connection);
            }

            // One transaction reads or writes the whole store, at the pace of a file.
            await connection.ExecuteAsync("SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0");
            var name = PostgreSqlDatabase.NameOf(connection);
            Require(name, await PostgreSqlSchema.VersionOfAsync(connection), PostgreSqlSchema.Newest);
            return new TransferStore(name, connection, "uuid", connection, [database, .. held is null ? Array.Empty<IAsyncDisposable>() : [held]]);
        }
        catch (Exception exception)
        {
            foreach (var opened in (IAsyncDisposable?[])[connection, database, held])
            {
                await (opened?.DisposeAsync() ?? ValueTask.CompletedTask);
            }

            throw PostgreSqlDatabase.CannotBeOpened(options, exception);
        }
    }

    private static void Require(string name, int found, int newest)
    {
        if (found != newest)
        {
            throw new StoreUnavailableException(FormattableString.Invariant(
                $"The store {name} has schema {found}, and this version reads schema {newest}: {(found > newest ? "use the version that wrote it, or a newer one" : "start a coordinator of this version on it once")}."));
        }
    }

    /// <summary>A database file without a write-ahead log.</summary>
    private sealed record RestingFile(string Path, long Length, DateTime LastWrite)
    {
        /// <summary>The file as it is now; null when it is missing or at work.</summary>
        public static RestingFile? Of(string path) => new FileInfo(path) is { Exists: true } file && !File.Exists(path + "-wal") ? new RestingFile(path, file.Length, file.LastWriteTimeUtc) : null;
    }

    private sealed class Released(IDisposable held) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            held.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
