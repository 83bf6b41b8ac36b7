using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>
/// The one writer of the journal. Writes that wait at the same time share one commit, and so one flush to the disk;
/// a write is answered only after the commit that holds it is durable.
/// </summary>
internal sealed class JournalWriter : IAsyncDisposable
{
    private const int LargestBatch = 256;

    private readonly SqliteConnection _connection;
    private readonly Channel<IPendingWrite> _pending =
        Channel.CreateBounded<IPendingWrite>(new BoundedChannelOptions(1024) { SingleReader = true });

    private readonly Task _loop;

    public JournalWriter(SqliteConnection connection)
    {
        _connection = connection;
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
    }

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
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            foreach (var write in batch)
            {
                write.Apply(_connection, transaction);
            }

            transaction.Commit();
        }
        catch (Exception e)
        {
            error = e as JournalException
                ?? new JournalException($"The journal '{_connection.DataSource}' did not take a write: {e.Message}", e);
            return false;
        }

        foreach (var write in batch)
        {
            write.Succeed();
        }

        error = null!;
        return true;
    }

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
