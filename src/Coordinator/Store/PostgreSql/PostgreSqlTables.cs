using Npgsql;
using NpgsqlTypes;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>A write with events.</summary>
internal interface IEventsWrite
{
    /// <summary>How many.</summary>
    int Events { get; }
}

/// <summary>Tables as a <see cref="PostgreSqlWriter{TWrite}"/> writes them. The writer owns the transaction; statements are collected and sent together.</summary>
/// <typeparam name="TWrite">What is written.</typeparam>
internal abstract class PostgreSqlTables<TWrite>(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    private readonly NpgsqlBatch _batch = new(connection, transaction);

    /// <summary>Whether nothing was collected.</summary>
    public bool IsEmpty => _batch.BatchCommands.Count == 0;

    /// <summary>How many events a write has, for the metrics.</summary>
    public static int EventsOf(TWrite write) => write is IEventsWrite { Events: var events } ? events : 0;

    /// <summary>Locks the rows of some writes, in one order on all nodes so that two batches never wait for each other.</summary>
    public abstract Task LockAsync(IReadOnlyList<TWrite> writes);

    /// <summary>Collects what a write changes, or refuses it before it has changed anything.</summary>
    /// <returns>Null when collected, otherwise the reason.</returns>
    public abstract Task<Exception?> TryWriteAsync(TWrite write);

    /// <summary>Sends what was collected, and the mark by which the writer recognises the transaction later.</summary>
    /// <param name="writerId">The writer.</param>
    /// <param name="appendId">The transaction.</param>
    public Task SendAsync(Guid writerId, Guid appendId)
    {
        Add(
            "INSERT INTO writers (writer, append_id, time) VALUES ($1, $2, now()) ON CONFLICT (writer) DO UPDATE SET append_id = excluded.append_id, time = excluded.time",
            writerId, appendId);
        return _batch.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    /// <summary>Collects a statement.</summary>
    protected void Add(string statement, params object[] values)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                // Lets the server plan byte arrays of arrays as bytea[], and bytes that are not an array of their own as bytea.
                byte[][] => new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                ReadOnlyMemory<byte> => new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Bytea },
                EventText { IsLent: true } lent => new NpgsqlParameter { Value = lent.Utf8, NpgsqlDbType = NpgsqlDbType.Text },
                EventText text => new NpgsqlParameter { Value = text.ToString() },
                _ => new NpgsqlParameter { Value = value },
            });
        }

        _batch.BatchCommands.Add(command);
    }
}
