using System.Threading.Channels;
using Dapper;
using HostAgent.Coordinator.Options;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>
/// The only writer of this coordinator: one transaction for all writes that wait at the same time. When the answer to a commit is lost, the row of this
/// writer in <c>writers</c> tells whether it was committed.
/// </summary>
/// <typeparam name="TWrite">What is written.</typeparam>
internal sealed partial class PostgreSqlWriter<TWrite> : IAsyncDisposable
{
    private const int MaxBatch = 256;
    private const int MaxWaiting = 1024;
    private static readonly TimeSpan BetweenLookUps = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookUpPatience = TimeSpan.FromSeconds(5);

    private readonly Guid _id = Guid.NewGuid();
    // Its own: it must not wait for readers. It uses one at a time.
    private readonly NpgsqlDataSource _database;
    private readonly Func<NpgsqlConnection, NpgsqlTransaction, PostgreSqlTables<TWrite>> _open;
    private readonly StoreMetrics? _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<PendingWrite> _pending = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Task _loop;
    private int _unknowns;
    private int _settled;

    public PostgreSqlWriter(
        StoreOptions options, Func<NpgsqlConnection, NpgsqlTransaction, PostgreSqlTables<TWrite>> open, TimeProvider time, StoreMetrics? metrics, ILogger logger)
    {
        (_database, _open, _time, _metrics, _logger) = (PostgreSqlDatabase.Open(options, connections: 2), open, time, metrics, logger);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Makes a write durable.</summary>
    /// <exception cref="StoreUnavailableException">The writer is closed, or the database did not take the write.</exception>
    /// <exception cref="StoreOutcomeUnknownException">Whether the database took the write cannot be found out.</exception>
    public async Task WriteAsync(TWrite content)
    {
        var write = new PendingWrite(content);
        try
        {
            await _pending.Writer.WriteAsync(write);
        }
        catch (ChannelClosedException exception)
        {
            throw new StoreUnavailableException("The store is closed.", exception);
        }

        await write.Completion.Task;
    }

    /// <summary>After a commit with an unknown outcome: waits until its transaction is over. Whoever reads before that could see the rows without it, and with it afterwards.</summary>
    /// <param name="connection">The reader's connection.</param>
    public async ValueTask SettleAsync(NpgsqlConnection connection)
    {
        if (Volatile.Read(ref _unknowns) is var unknowns && unknowns != Volatile.Read(ref _settled))
        {
            await LastCommittedAsync(connection);
            Volatile.Write(ref _settled, unknowns);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _loop;
        await _database.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingWrite>(MaxBatch);
        while (await _pending.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _pending.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<PendingWrite> batch)
    {
        var failure = await TryCommitAsync(batch);
        if (IsPassing(failure))
        {
            // The connections from before a restart of the server are dead, and the first use finds it out. A deadlock is over by now.
            failure = await TryCommitAsync(batch);
        }

        if (failure is null)
        {
            return;
        }

        // One write that fails must not take the others of its batch with it. Where there is no connection, none would fare better alone.
        var isAlone = batch.Count == 1 || failure is StoreOutcomeUnknownException || (IsPassing(failure) && failure is not PostgresException);
        foreach (var write in batch)
        {
            if ((isAlone ? failure : await TryCommitAsync([write])) is { } reason)
            {
                LogWriteFailed(reason);
                write.Completion.TrySetException(
                    reason as StoreOutcomeUnknownException ?? (Exception)new StoreUnavailableException($"The store could not be written to: {PostgreSqlDatabase.Explain(reason)}.", reason));
            }
        }
    }

    // Also when the server has ended the session, as it does with one that was stopped in its transaction.
    private static bool IsPassing(Exception? failure) => failure is NpgsqlException { IsTransient: true } or PostgresException { InvariantSeverity: "FATAL" };

    // Whatever fails is the batch's failure: the writer must live on.
    private async Task<Exception?> TryCommitAsync(IReadOnlyList<PendingWrite> batch)
    {
        var appendId = Guid.NewGuid();
        var isCommitting = false;
        var refusals = new Exception?[batch.Count];
        try
        {
            await using var connection = await _database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var tables = _open(connection, transaction);
            await tables.LockAsync([.. batch.Select(write => write.Content)]);
            for (var index = 0; index < batch.Count; index++)
            {
                refusals[index] = await tables.TryWriteAsync(batch[index].Content);
            }

            if (!tables.IsEmpty)
            {
                await tables.SendAsync(_id, appendId);
                isCommitting = true;
                await transaction.CommitAsync();
            }
        }
        catch (Exception exception)
        {
            // An error that the server tells is an answer: it has rolled back. Only a connection that ended at the commit leaves the outcome open.
            if (!isCommitting || exception is PostgresException { InvariantSeverity: "ERROR" })
            {
                return exception;
            }

            switch (await WasCommittedAsync(appendId))
            {
                case null:
                    Interlocked.Increment(ref _unknowns);
                    return new StoreOutcomeUnknownException(exception);
                case false:
                    return exception;
                case true:
                    LogAnswerLost(exception.Message, appendId);
                    break;
            }
        }

        if (isCommitting)
        {
            _metrics?.Committed();
        }

        for (var index = 0; index < batch.Count; index++)
        {
            if (refusals[index] is { } refusal)
            {
                batch[index].Completion.TrySetException(refusal);
            }
            else
            {
                _metrics?.Written(PostgreSqlTables<TWrite>.EventsOf(batch[index].Content));
                batch[index].Completion.TrySetResult();
            }
        }

        return null;
    }

    private async Task<bool?> WasCommittedAsync(Guid appendId)
    {
        var begin = _time.GetTimestamp();
        do
        {
            try
            {
                await using var connection = await _database.OpenConnectionAsync();
                return await LastCommittedAsync(connection) == appendId;
            }
            catch (Exception exception) when (PostgreSqlDatabase.IsOutOfOrder(exception))
            {
                LogLookUpFailed(exception.Message, appendId);
            }

            await Task.Delay(BetweenLookUps, _time);
        }
        while (_time.GetElapsedTime(begin) < LookUpPatience);

        return null;
    }

    // Waits for the row, and so for the end of the transaction if it is still open: PostgreSQL ends one that is idle. An answer is final.
    private Task<Guid> LastCommittedAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<Guid>(
        """
        INSERT INTO writers (writer, append_id, time) VALUES (@_id, @none, now())
        ON CONFLICT (writer) DO UPDATE SET append_id = writers.append_id RETURNING append_id
        """,
        new { _id, none = Guid.Empty });

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "Writing to the store failed; nothing is done because of it")]
    private partial void LogWriteFailed(Exception exception);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Whether transaction {Append} was committed cannot be asked: {Explanation}; trying again")]
    private partial void LogLookUpFailed(string explanation, Guid append);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Information, Message = "The answer to the commit of transaction {Append} was lost ({Explanation}); it was committed")]
    private partial void LogAnswerLost(string explanation, Guid append);

    private sealed record PendingWrite(TWrite Content)
    {
        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
