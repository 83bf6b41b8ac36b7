using System.Runtime.CompilerServices;
using HostAgent.Coordinator.Store.States;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>The states in one SQLite file beside the campaigns.</summary>
internal sealed partial class SqliteStateStore : IStateStore
{
    /// <summary>The name of the file in a data directory.</summary>
    public const string FileName = "returns.db";

    private const int Page = 2000;

    private static readonly SchemaScripts Scripts = new(typeof(SqliteStateStore).Assembly, "HostAgent.Coordinator.Store.States.Scripts.");

    private readonly string _readers;
    private readonly GroupCommitWriter _writer;
    private readonly PreparedCommands _prepared = new();

    private SqliteStateStore(string readers, SqliteConnection connection, ILogger<SqliteStateStore> logger)
    {
        _readers = readers;
        _writer = new GroupCommitWriter(connection, new Commits(logger), logger);
    }

    /// <summary>The number of the newest script.</summary>
    public static int Newest => Scripts.Newest;

    /// <summary>Opens the file; creates it if it is missing.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, or a newer version wrote it.</exception>
    public static SqliteStateStore Open(string file, ILogger<SqliteStateStore> logger) => new(SqliteDatabase.ReaderText(file), OpenTables(file), logger);

    /// <summary>Opens the file to write; creates it if it is missing, and its tables.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, or a newer version wrote it.</exception>
    public static SqliteConnection OpenTables(string file)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteDatabase.OpenToWrite(file);
            if (SchemaScripts.VersionOf(connection) is var schema && schema > Scripts.Newest)
            {
                throw new StoreUnavailableException($"The store {file} has schema {schema}, but this version knows only schemas up to {Scripts.Newest}: run the version that wrote it, or a newer one.");
            }

            Scripts.Upgrade(connection);
            return connection;
        }
        catch (SqliteException exception)
        {
            connection?.Dispose();
            throw new StoreUnavailableException($"The store '{file}' cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    public async Task WriteAsync(StateWrite write)
    {
        try
        {
            await _writer.WriteAsync((connection, transaction) =>
            {
                new SqliteStateWriter(connection, transaction, _prepared).Write(write);
                return true;
            });
        }
        catch (ObjectDisposedException exception)
        {
            throw new StoreUnavailableException("The store is closed.", exception);
        }
    }

    public Task<IReadOnlyList<string>> LoadLiveAsync(StateFamily family, CancellationToken cancellationToken)
        => ReadAsync(tables => tables.LoadLiveAsync(family, cancellationToken));

    public Task<IReadOnlyList<string>> FindNewestAsync(StateFamily family, IEnumerable<Guid> machines, CancellationToken cancellationToken)
        => ReadAsync(tables => tables.FindNewestAsync(family, machines, cancellationToken));

    public Task<string?> FindAsync(StateFamily family, Guid uid, CancellationToken cancellationToken)
        => ReadAsync(tables => tables.FindAsync(family, uid, cancellationToken));

    public Task<IReadOnlyList<string>> ListAsync(StateFamily family, int limit, (long CreateTicks, Guid Uid)? after, bool liveOnly, CancellationToken cancellationToken)
        => ReadAsync(tables => tables.ListAsync(family, limit, after, liveOnly, cancellationToken));

    public async IAsyncEnumerable<AuditRecord> ReadAuditAsync(StateFamily family, Guid uid, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0L;
        while (await ReadAsync(tables => tables.ReadAuditAsync(family, uid, last, Page, cancellationToken)) is { Count: > 0 } page)
        {
            foreach (var record in page)
            {
                yield return record;
            }

            last = page[^1].Sequence;
        }
    }

    public Task<IReadOnlyList<ProofDate>> ListProofDatesAsync(CancellationToken cancellationToken) => ReadAsync(tables => tables.ListProofDatesAsync(cancellationToken));

    public Task<IReadOnlyList<string>> FindProofsAsync(Guid machine, CancellationToken cancellationToken) => ReadAsync(tables => tables.FindProofsAsync(machine, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        SqliteDatabase.CloseReaders(_readers);
    }

    private async Task<T> ReadAsync<T>(Func<StateTables, Task<T>> read)
    {
        await using var connection = new SqliteConnection(_readers);
        await connection.OpenAsync(CancellationToken.None);
        return await read(new StateTables(connection, isServer: false));
    }

    private sealed partial class Commits(ILogger<SqliteStateStore> logger) : ICommitParticipant
    {
        public void Completing(SqliteConnection connection, SqliteTransaction transaction)
        {
        }

        public void Committed()
        {
        }

        public Exception Refuse(Exception exception)
        {
            LogWriteFailed(logger, exception);
            return exception as StateConflictException ?? (Exception)new StoreUnavailableException($"The store of returns could not be written to: {exception.Message}", exception);
        }

        [LoggerMessage(EventId = 3101, Level = LogLevel.Error, Message = "Writing a return or a drill to the store failed; nothing is done because of it")]
        private static partial void LogWriteFailed(ILogger logger, Exception exception);
    }
}
