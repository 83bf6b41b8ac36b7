using HostAgent.Coordinator.Store;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Returns;

/// <summary>The returns and the drills in one SQLite file beside the campaigns.</summary>
internal sealed partial class ReturnStore : IAsyncDisposable
{
    private static readonly SchemaScripts Scripts = new(typeof(ReturnStore).Assembly, "HostAgent.Coordinator.Returns.Scripts.");

    private readonly string _readers;
    private readonly GroupCommitWriter _writer;

    private ReturnStore(string readers, SqliteConnection connection, ILogger<ReturnStore> logger)
    {
        _readers = readers;
        _writer = new GroupCommitWriter(connection, new Commits(logger), logger);
    }

    /// <summary>The states of one family in this file.</summary>
    public KeptStates<TState> Of<TState>(KeptForm<TState> form)
        where TState : class, IKeptState
        => new(form, _readers, _writer);

    /// <summary>How other tables of this file are read.</summary>
    public string Readers => _readers;

    /// <summary>Opens the file; creates it if it is missing.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, or a newer version wrote it.</exception>
    public static ReturnStore Open(string file, ILogger<ReturnStore> logger)
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
            return new ReturnStore(SqliteDatabase.ReaderText(file), connection, logger);
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

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        SqliteDatabase.CloseReaders(_readers);
    }

    private sealed partial class Commits(ILogger<ReturnStore> logger) : ICommitParticipant
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
            return exception as StoreUnavailableException ?? new StoreUnavailableException($"The store of returns could not be written to: {exception.Message}", exception);
        }

        [LoggerMessage(EventId = 3101, Level = LogLevel.Error, Message = "Writing a return or a drill to the store failed; nothing is done because of it")]
        private static partial void LogWriteFailed(ILogger logger, Exception exception);
    }
}
