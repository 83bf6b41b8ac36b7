using System.Runtime.CompilerServices;
using Dapper;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using Npgsql;

namespace HostAgent.Coordinator.Notifications.Outbox;

/// <summary>The outbox in the database of the campaigns, over connections of its own. The event store makes its tables.</summary>
internal sealed class PostgreSqlOutboxStore(StoreOptions options) : IOutboxStore
{
    // Separate pools: readers of the audit, however many, must not keep notifications from being written.
    private readonly NpgsqlDataSource _readers = PostgreSqlDatabase.Open(options, connections: 2);
    private readonly NpgsqlDataSource _writers = PostgreSqlDatabase.Open(options, connections: 2);

    public Task<OutboxContents> LoadAsync(CancellationToken cancellationToken)
        => UseAsync(_readers, connection => new OutboxTables(connection, null, isServer: true).LoadAsync(cancellationToken), cancellationToken);

    public Task WriteAsync(OutboxWrite write) => UseAsync(
        _writers,
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await new OutboxTables(connection, transaction, isServer: true).WriteAsync(write);
            await transaction.CommitAsync();
            return true;
        },
        CancellationToken.None);

    public async IAsyncEnumerable<AuditRecord> ReadAuditAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = await UseAsync(
            _readers,
            connection => connection.QueryAsync<OutboxAuditRow>(new CommandDefinition($"SELECT {OutboxTables.AuditColumns} FROM notification_audit ORDER BY sequence", cancellationToken: cancellationToken)),
            cancellationToken);
        foreach (var row in rows)
        {
            yield return row.ToRecord();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _writers.DisposeAsync();
    }

    private static async Task<T> UseAsync<T>(NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await use(connection);
        }
        catch (Exception exception) when (PostgreSqlDatabase.IsOutOfOrder(exception))
        {
            throw new StoreUnavailableException($"The outbox of notifications could not be read or written: {PostgreSqlDatabase.Explain(exception)}.", exception);
        }
    }
}
