using System.Threading.Channels;
using Dapper;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>
/// The only writer of this coordinator: one connection, and one commit for all writes that wait at the same time. A commit whose answer is lost is looked
/// up by its transaction id, which PostgreSQL keeps.
/// </summary>
internal sealed partial class PostgreSqlWriter : IAsyncDisposable
{
    private const int MaxBatch = 256;
    private const int MaxWaiting = 1024;
    private const int LookUps = 20;
    private static readonly TimeSpan BetweenLookUps = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlDataSource _database;
    private readonly StoreMetrics? _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<PendingWrite> _pending = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Task _loop;

    public PostgreSqlWriter(NpgsqlDataSource database, TimeProvider time, StoreMetrics? metrics, ILogger logger)
    {
        (_database, _time, _metrics, _logger) = (database, time, metrics, logger);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Makes a write durable.</summary>
    /// <exception cref="StoreUnavailableException">The writer is closed, or the database did not take the write.</exception>
    public async Task WriteAsync(NewCampaign? creation, StreamAppend append)
    {
        var write = new PendingWrite(creation, append);
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

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _loop;
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

            if (await TryCommitAsync(batch) is { } error)
            {
                await CommitOneByOneAsync(batch, error);
            }

            batch.Clear();
        }
    }

    // One write that fails must not take the others of its batch with it.
    private async Task CommitOneByOneAsync(List<PendingWrite> batch, Exception error)
    {
        foreach (var write in batch)
        {
            if ((batch.Count == 1 || error is StoreOutcomeUnknownException ? error : await TryCommitAsync([write])) is { } reason)
            {
                LogWriteFailed(reason);
                write.Completion.TrySetException(reason as StoreOutcomeUnknownException ?? (Exception)new StoreUnavailableException($"The store could not be written to: {reason.Message}", reason));
            }
        }
    }

    private async Task<Exception?> TryCommitAsync(IReadOnlyList<PendingWrite> batch)
    {
        string? transactionId = null;
        var refusals = new Exception?[batch.Count];
        try
        {
            await using var connection = await _database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var writer = new PostgreSqlStreamWriter(connection, transaction);
            await writer.LockAsync(batch.Where(write => write.Creation is null).Select(write => write.Append.Campaign).Distinct());
            for (var index = 0; index < batch.Count; index++)
            {
                var (creation, append) = (batch[index].Creation, batch[index].Append);
                refusals[index] = creation is not null && !await writer.TryCreateAsync(creation) ? new CampaignExistsException(creation.Id) : writer.TryWrite(append);
            }

            await writer.SendAsync();
            transactionId = await connection.ExecuteScalarAsync<string>("SELECT pg_current_xact_id()::text", transaction: transaction);
            await transaction.CommitAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
        {
            // A refusal by the server is an answer; only a connection that broke at the commit leaves the outcome open.
            if (transactionId is null || exception is PostgresException || await WasCommittedAsync(transactionId) is var committed && committed == false)
            {
                return exception;
            }

            if (committed is null)
            {
                return new StoreOutcomeUnknownException(exception);
            }
        }

        _metrics?.Committed();
        for (var index = 0; index < batch.Count; index++)
        {
            if (refusals[index] is { } refusal)
            {
                batch[index].Completion.TrySetException(refusal);
            }
            else
            {
                _metrics?.Written(batch[index].Append.Events.Count);
                batch[index].Completion.TrySetResult();
            }
        }

        return null;
    }

    private async Task<bool?> WasCommittedAsync(string transactionId)
    {
        for (var attempt = 0; attempt < LookUps; attempt++)
        {
            try
            {
                await using var connection = await _database.OpenConnectionAsync();
                switch (await connection.ExecuteScalarAsync<string>("SELECT pg_xact_status(@transactionId::xid8)", new { transactionId }))
                {
                    case "committed":
                        return true;
                    case "aborted":
                        return false;
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                LogLookUpFailed(exception, transactionId);
            }

            await Task.Delay(BetweenLookUps, _time);
        }

        return null;
    }

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "Writing to the shared store failed; reloading the campaign")]
    private partial void LogWriteFailed(Exception exception);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Looking up transaction {Transaction} in the shared store failed; trying again")]
    private partial void LogLookUpFailed(Exception exception, string transaction);

    private sealed record PendingWrite(NewCampaign? Creation, StreamAppend Append)
    {
        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
