using System.Data.Common;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>Statements with values, sent together where the database takes them together: each on its own would be a round trip.</summary>
internal static class TransferBatch
{
    /// <summary>Executes statements, whose parameters are <c>@p0</c>, <c>@p1</c> and so on.</summary>
    public static async Task SendAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<(string Sql, object?[] Values)> statements, CancellationToken cancellationToken)
    {
        if (statements.Count > 0 && connection.CanCreateBatch)
        {
            await using var batch = connection.CreateBatch();
            batch.Transaction = transaction;
            foreach (var (sql, values) in statements)
            {
                var command = batch.CreateBatchCommand();
                command.CommandText = sql;
                Add(command.Parameters, command.CreateParameter, values);
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        foreach (var (sql, values) in statements)
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            Add(command.Parameters, command.CreateParameter, values);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static void Add(DbParameterCollection parameters, Func<DbParameter> create, object?[] values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            var parameter = create();
            (parameter.ParameterName, parameter.Value) = ($"@p{index}", values[index] ?? DBNull.Value);
            parameters.Add(parameter);
        }
    }
}
