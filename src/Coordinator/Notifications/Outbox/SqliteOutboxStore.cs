using System.Runtime.CompilerServices;
using Dapper;
using HostAgent.Coordinator.Store;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Notifications.Outbox;

/// <summary>The outbox in a SQLite file of its own, so that its writes never wait for those of a campaign, nor they for it.</summary>
internal sealed class SqliteOutboxStore : IOutboxStore
{
    private static readonly SchemaScripts Scripts = new(typeof(SqliteOutboxStore).Assembly, "HostAgent.Coordinator.Notifications.Outbox.Scripts.");

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SqliteConnection _connection;

    private SqliteOutboxStore(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file; creates it if it is missing.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, or a newer version wrote it.</exception>
    public static SqliteOutboxStore Open(string file)
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
            return new SqliteOutboxStore(connection);
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

    public Task<OutboxContents> LoadAsync(CancellationToken cancellationToken)
        => UseAsync(() => new OutboxTables(_connection, null, isServer: false).LoadAsync(cancellationToken));

    public Task WriteAsync(OutboxWrite write) => UseAsync(async () =>
    {
        await using var transaction = (SqliteTransaction)await _connection.BeginTransactionAsync();
        await new OutboxTables(_connection, transaction, isServer: false).WriteAsync(write);
        await transaction.CommitAsync();
        return true;
    });

    public async IAsyncEnumerable<AuditRecord> ReadAuditAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = await UseAsync(() => _connection.QueryAsync<OutboxAuditRow>(new CommandDefinition(
            $"SELECT {OutboxTables.AuditColumns} FROM notification_audit ORDER BY sequence", cancellationToken: cancellationToken)));
        foreach (var row in rows)
        {
            yield return row.ToRecord();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _one.WaitAsync();
        await _connection.DisposeAsync();
        _one.Dispose();
    }

    // SQLite works on the thread of its caller, and a flush takes its time.
    private async Task<T> UseAsync<T>(Func<Task<T>> use)
    {
        await _one.WaitAsync();
        try
        {
            return await Task.Run(use);
        }
        catch (SqliteException exception)
        {
            throw new StoreUnavailableException($"The outbox of notifications could not be read or written: {exception.Message}", exception);
        }
        finally
        {
            _one.Release();
        }
    }
}
