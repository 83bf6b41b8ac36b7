using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace HostAgent.Hosting.Sqlite;

/// <summary>
/// The only writer of a SQLite database in WAL mode with <c>synchronous=FULL</c>. Writes that wait at the same time share one commit and one flush.
/// A write is answered after the commit that holds it is durable; a write that was refused stays refused after a crash.
/// </summary>
public sealed partial class GroupCommitWriter : IAsyncDisposable
{
    private const int MaxBatch = 256;
    private const int MaxWaiting = 1024;

    private readonly SqliteConnection _connection;
    private readonly ICommitParticipant _participant;
    private readonly ILogger _logger;
    private readonly Channel<IPendingWrite> _pending =
        Channel.CreateBounded<IPendingWrite>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly Task _loop;

    /// <summary>Starts the writer.</summary>
    /// <param name="connection">The connection to write through; closed with the writer.</param>
    /// <param name="participant">Takes part in each commit.</param>
    /// <param name="logger">Receives failures of the disk.</param>
    public GroupCommitWriter(SqliteConnection connection, ICommitParticipant participant, ILogger logger)
    {
        _connection = connection;
        _participant = participant;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Makes a change durable.</summary>
    /// <typeparam name="T">What the change returns.</typeparam>
    /// <param name="change">
    /// The change. It runs inside a transaction with other changes. When one of them fails, the transaction is rolled back and each change runs
    /// again in a transaction of its own, so a change must depend on nothing but the database.
    /// </param>
    /// <returns>What the change returned, once it is durable.</returns>
    /// <exception cref="ObjectDisposedException">The writer is closed; nothing was written.</exception>
    /// <exception cref="Exception">Nothing was written: see <see cref="ICommitParticipant.Refuse"/>.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> change)
    {
        var write = new PendingWrite<T>(change);
        try
        {
            await _pending.Writer.WriteAsync(write).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(GroupCommitWriter), "The database is closed.");
        }

        return await write.Completion.ConfigureAwait(false);
    }

    /// <summary>Commits the writes that wait, then closes the connection.</summary>
    /// <returns>A task that completes when the connection is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var batch = new List<IPendingWrite>(MaxBatch);
        while (await _pending.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MaxBatch && _pending.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            if (!TryCommit(batch, out var error))
            {
                CommitOneByOne(batch, error);
            }

            batch.Clear();
        }
    }

    // One write that fails must not take the others of its batch with it.
    private void CommitOneByOne(List<IPendingWrite> batch, Exception error)
    {
        if (batch.Count == 1)
        {
            batch[0].Fail(_participant.Refuse(error));
            return;
        }

        foreach (var write in batch)
        {
            if (!TryCommit([write], out var reason))
            {
                write.Fail(_participant.Refuse(reason));
            }
        }
    }

    private bool TryCommit(List<IPendingWrite> batch, out Exception error)
    {
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            foreach (var write in batch)
            {
                write.Apply(_connection, transaction);
            }

            _participant.Completing(_connection, transaction);
            transaction.Commit();
        }
        catch (Exception exception)
        {
            if (exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR })
            {
                OverwriteFailedCommit();
            }

            error = exception;
            return false;
        }

        _participant.Committed();
        foreach (var write in batch)
        {
            write.Succeed();
        }

        error = null!;
        return true;
    }

    // When the flush of a commit fails, its frames are still in the WAL, complete and at the position of the next commit. A process that opened the
    // database after a crash would take them for committed. So another commit is written over them at once: setting user_version rewrites page 1
    // even when the value is the same. Whether the flush of that commit succeeds does not matter here.
    private void OverwriteFailedCommit()
    {
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var version = _connection.ExecuteScalar<int>("PRAGMA user_version", transaction: transaction);
            _connection.Execute($"PRAGMA user_version = {version}", transaction: transaction);
            transaction.Commit();
        }
        catch (Exception exception)
        {
            // The writer must live on: the disk may recover.
            LogDiskFailed(_logger, exception, _connection.DataSource);
        }
    }

    [LoggerMessage(EventId = 2302, Level = LogLevel.Error, Message = "Writing to {Database} failed; writes are refused until the disk recovers")]
    private static partial void LogDiskFailed(ILogger logger, Exception exception, string database);

    private interface IPendingWrite
    {
        void Apply(SqliteConnection connection, SqliteTransaction transaction);

        void Succeed();

        void Fail(Exception error);
    }

    private sealed class PendingWrite<T>(Func<SqliteConnection, SqliteTransaction, T> change) : IPendingWrite
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Completion => _completion.Task;

        public void Apply(SqliteConnection connection, SqliteTransaction transaction) => _result = change(connection, transaction);

        public void Succeed() => _completion.TrySetResult(_result);

        public void Fail(Exception error) => _completion.TrySetException(error);
    }
}
