using Dapper;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Hosting.Tests.Sqlite;

public sealed class GroupCommitWriterTests : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("writer-");
    private readonly Participant _participant = new();
    private readonly GroupCommitWriter _writer;

    public GroupCommitWriterTests()
    {
        var connection = SqliteDatabase.OpenToWrite(Path.Combine(_directory.FullName, "a.db"));
        connection.Execute("CREATE TABLE items (number INTEGER PRIMARY KEY CHECK (number >= 0))");
        _writer = new GroupCommitWriter(connection, _participant, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Writes_that_wait_together_share_a_commit()
    {
        var blocking = await LockAsync();
        var writes = Enumerable.Range(0, 100).Select(WriteAsync).ToList();
        await blocking.DisposeAsync();

        (await Task.WhenAll(writes)).ShouldBe(Enumerable.Range(0, 100));
        _participant.Commits.ShouldBeLessThan(10);
    }

    [Fact]
    public async Task A_write_that_fails_is_refused_alone()
    {
        var blocking = await LockAsync();
        var writes = Enumerable.Range(-5, 10).Select(WriteAsync).ToList();
        await blocking.DisposeAsync();

        foreach (var write in writes[..5])
        {
            (await Should.ThrowAsync<InvalidDataException>(write)).InnerException.ShouldBeOfType<SqliteException>();
        }

        (await Task.WhenAll(writes[5..])).ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_closed_writer_takes_nothing()
    {
        await _writer.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => WriteAsync(1));
    }

    private Task<int> WriteAsync(int number) => _writer.WriteAsync((connection, transaction) =>
    {
        connection.Execute("INSERT INTO items (number) VALUES (@number)", new { number }, transaction);
        return number;
    });

    private async Task<SqliteConnection> LockAsync()
    {
        var connection = SqliteDatabase.Open(Path.Combine(_directory.FullName, "a.db"), SqliteOpenMode.ReadWrite);
        await connection.ExecuteAsync("BEGIN IMMEDIATE");
        return connection;
    }

    private sealed class Participant : ICommitParticipant
    {
        public int Commits { get; private set; }

        public void Completing(SqliteConnection connection, SqliteTransaction transaction)
        {
        }

        public void Committed() => Commits++;

        public Exception Refuse(Exception exception) => new InvalidDataException("refused", exception);
    }
}
