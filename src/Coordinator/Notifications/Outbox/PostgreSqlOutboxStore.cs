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
    private readonly NpgsqlDataSource _database = PostgreSqlDatabase.Open(options);

    public Task<OutboxContents> LoadAsync(CancellationToken cancellationToken)
        => UseAsync(connection => new OutboxTables(connection, null, isServer: true).LoadAsync(cancellationToken), cancellationToken);

    public Task WriteAsync(OutboxWrite write) => UseAsync(
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
            connection => connection.QueryAsync<OutboxAuditRow>(new CommandDefinition($"SELECT {OutboxTables.AuditColumns} FROM notification_audit ORDER BY sequence", cancellationToken: cancellationToken)),
            cancellationToken);
        foreach (var row in rows)
        {
            yield return row.ToRecord();
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            return await use(connection);
        }
        catch (Exception exception) when (PostgreSqlDatabase.IsOutOfOrder(exception))
        {
            throw new StoreUnavailableException($"The outbox of notifications could not be read or written: {PostgreSqlDatabase.Explain(exception)}.", exception);
        }
    }
}
