using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>
/// The commands that run for every turn of every campaign and every change of a return, kept with the connection: SQLite parses each text once, and not for every row. The connection
/// that they belong to releases them when it is closed. Not thread-safe: they are the writer's.
/// </summary>
internal sealed class PreparedCommands
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Runs a command that changes rows.</summary>
    /// <param name="transaction">The transaction that it belongs to; always of the same connection.</param>
    /// <param name="sql">The text, a constant.</param>
    /// <param name="parameters">Its parameters, at each call in the same order. None is null.</param>
    public void Execute(SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = Of(transaction, sql, parameters);
        command.ExecuteNonQuery();
        // Megabytes of a plan are not held until the next one.
        foreach (SqliteParameter parameter in command.Parameters)
        {
            parameter.Value = null;
        }
    }

    /// <summary>Runs a command that reads rows.</summary>
    /// <param name="transaction">The transaction that it belongs to; always of the same connection.</param>
    /// <param name="sql">The text, a constant.</param>
    /// <param name="parameters">Its parameters, at each call in the same order. None is null.</param>
    /// <returns>The rows; to be disposed of before the command runs again.</returns>
    public SqliteDataReader Query(SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Of(transaction, sql, parameters).ExecuteReader();

    private SqliteCommand Of(SqliteTransaction transaction, string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = transaction.Connection!.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            _commands.Add(sql, command);
        }

        command.Transaction = transaction;
        for (var index = 0; index < parameters.Length; index++)
        {
            command.Parameters[index].Value = parameters[index].Value;
        }

        return command;
    }
}
