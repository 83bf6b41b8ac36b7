using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>
/// The one writer of the journal. Writes that wait at the same time share one commit, and so one flush to the disk;
/// a write is answered only after the commit that holds it is durable.
/// </summary>
internal sealed partial class JournalWriter : IAsyncDisposable
{
    private const int LargestBatch = 256;

    private readonly SqliteConnection _connection;
    private readonly CommitMark _mark;
    private readonly ILogger _logger;
    private readonly Channel<IPendingWrite> _pending =
        Channel.CreateBounded<IPendingWrite>(new BoundedChannelOptions(1024) { SingleReader = true });

    private readonly Task _loop;
    private long _commits;

    /// <param name="connection">The connection to write through; closed with the writer.</param>
    /// <param name="commits">The number of the last commit.</param>
    /// <param name="mark">Where the number of the last commit is kept; closed with the writer.</param>
    /// <param name="logger">Takes log lines.</param>
    public JournalWriter(SqliteConnection connection, long commits, CommitMark mark, ILogger logger)
    {
        _connection = connection;
        _commits = commits;
        _mark = mark;
        _logger = logger;
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
    }

    /// <summary>The number of the last commit that is durable.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Makes a change durable.</summary>
    /// <exception cref="JournalException">The change is not in the journal: the disk or the file refused it.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> change)
    {
        var write = new PendingWrite<T>(change);
        try
        {
            await _pending.Writer.WriteAsync(write);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(JournalWriter), "The journal is closed.");
        }

        return await write.Completion;
    }

    /// <summary>Writes what was taken, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _loop;
        await _connection.DisposeAsync();
        _mark.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<IPendingWrite>(LargestBatch);
        while (await _pending.Reader.WaitToReadAsync())
        {
            while (batch.Count < LargestBatch && _pending.Reader.TryRead(out var write))
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

    // One refused write must not take its neighbours down with it.
    private void CommitOneByOne(List<IPendingWrite> batch, Exception error)
    {
        if (batch.Count == 1)
        {
            batch[0].Fail(error);
            return;
        }

        foreach (var write in batch)
        {
            if (!TryCommit([write], out var reason))
            {
                write.Fail(reason);
            }
        }
    }

    private bool TryCommit(List<IPendingWrite> batch, out Exception error)
    {
        long commits;
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            foreach (var write in batch)
            {
                write.Apply(_connection, transaction);
            }

            commits = _connection.ExecuteScalar<long>(JournalLedger.NumberCommit, transaction: transaction);
            transaction.Commit();
        }
        catch (Exception e)
        {
            if (e is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR })
            {
                WriteOver();
            }

            error = e as JournalException
                ?? new JournalException($"The journal '{_connection.DataSource}' did not take a write: {e.Message}", e);
            return false;
        }

        Mark(commits);
        foreach (var write in batch)
        {
            write.Succeed();
        }

        error = null!;
        return true;
    }

    // A commit whose flush has failed stands in the log nevertheless, whole and in the place of the next one. Whoever opened the journal after the end of this
    // process would take it for made, and would do what was refused. So the next one is made at once; whether its own flush succeeds does not matter for that.
    private void WriteOver()
    {
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var commits = _connection.ExecuteScalar<long>(JournalLedger.NumberCommit, transaction: transaction);
            transaction.Commit();
            Mark(commits);
        }
        catch (Exception e)
        {
            // Whatever it is, the writer must live on: the disk may mend.
            LogDiskFails(_logger, e, _connection.DataSource);
        }
    }

    // The commit is durable whether the mark follows or not; a mark that stays behind finds less, and never what is not there.
    private void Mark(long commits)
    {
        Volatile.Write(ref _commits, commits);
        try
        {
            _mark.Advance(commits);
        }
        catch (IOException e)
        {
            LogMarkNotWritten(_logger, e, commits);
        }
    }

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "The mark of the journal could not be set to commit {Commits}; a journal that loses its end may not be recognised until it is")]
    private static partial void LogMarkNotWritten(ILogger logger, Exception exception, long commits);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Error, Message = "The disk of the journal {Journal} fails; what it has not taken is refused or held back until it does")]
    private static partial void LogDiskFails(ILogger logger, Exception exception, string journal);

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
