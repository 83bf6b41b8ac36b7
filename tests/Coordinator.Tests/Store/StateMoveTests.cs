using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Store.States;
using HostAgent.Coordinator.Store.Transfer;
using HostAgent.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>A coordinator that is given a database takes the returns of its data directory there.</summary>
public sealed class StateMoveTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("move-");
    private string _database = "";

    private string FilePath => Path.Combine(_directory.FullName, "returns.db");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        _database = await server.CreateDatabaseAsync();
        await (await PostgreSqlEventStore.OpenAsync(Streams.Local(server, _database), TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance)).DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Everything_is_in_the_database_afterwards_and_goes_on_there()
    {
        var (live, ended) = await WriteFileAsync();

        await Move().RunAsync();

        Directory.GetFiles(_directory.FullName).Select(Path.GetFileName).ShouldBe(["returns.db.moved"]);
        await using var store = Store();
        (await store.LoadLiveAsync(StateFamily.Returns, default)).ShouldBe(["second"]);
        (await store.FindAsync(StateFamily.Drills, ended.Uid, default)).ShouldBe(ended.State);
        (await store.FindProofsAsync(ended.Machine, default)).ShouldBe(["proof True 5"]);
        await store.WriteAsync(live with { Version = 3, State = "third", Audit = [States.Entry("third")] });
        (await States.VerifyAsync(store, StateFamily.Returns, live.Uid)).ShouldBe(["begun", "begun", "third"]);
    }

    [Fact]
    public async Task Death_between_the_commit_and_the_new_name_moves_nothing_twice()
    {
        var (live, _) = await WriteFileAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => Move(() => throw new InvalidOperationException("death")).RunAsync());
        File.Exists(FilePath).ShouldBeTrue();
        await using var store = Store();
        // It has gone on in the meantime.
        await store.WriteAsync(live with { Version = 3, State = "third" });

        await Move().RunAsync();

        File.Exists(FilePath).ShouldBeFalse();
        (await store.LoadLiveAsync(StateFamily.Returns, default)).ShouldBe(["third"]);
        (await States.VerifyAsync(store, StateFamily.Returns, live.Uid)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Second_file_is_moved_too_and_the_first_is_kept()
    {
        await WriteFileAsync();
        await Move().RunAsync();
        await WriteFileAsync();

        await Move().RunAsync();

        Directory.GetFiles(_directory.FullName).Select(Path.GetFileName).ShouldBe(["returns.db.moved", "returns.db.moved.2"], ignoreOrder: true);
        await using var store = Store();
        (await store.LoadLiveAsync(StateFamily.Returns, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Contradiction_is_refused_by_name_and_changes_neither()
    {
        var (live, ended) = await WriteFileAsync();
        var other = States.New(StateFamily.Returns, live.Machine);
        await using var store = Store();
        await store.WriteAsync(other);

        var refusal = await Should.ThrowAsync<StoreUnavailableException>(() => Move().RunAsync());

        refusal.Message.ShouldBe(
            $"'{FilePath}' cannot be moved into the store '{_database}': both have returns of machine {live.Machine} that have not ended, {live.Uid} in the file and {other.Uid} in the store. "
            + "If the one in the store is the true one, rename the file to returns.db.moved and start again.");
        File.Exists(FilePath).ShouldBeTrue();
        (await store.FindAsync(StateFamily.Drills, ended.Uid, default)).ShouldBeNull();
    }

    [Fact]
    public async Task File_that_is_newer_than_the_database_is_refused_by_name()
    {
        var (live, _) = await WriteFileAsync();
        await using var store = Store();
        await store.WriteAsync(live);

        (await Should.ThrowAsync<StoreUnavailableException>(() => Move().RunAsync())).Message.ShouldContain($"{live.Uid} of returns is at version 2 in the file and at 1 in the store.");

        (await store.LoadLiveAsync(StateFamily.Returns, default)).ShouldBe([live.State]);
    }

    [Fact]
    public async Task Server_that_is_away_leaves_the_file_where_it_is()
    {
        await WriteFileAsync();
        await server.StopAsync();
        try
        {
            (await Should.ThrowAsync<StoreUnavailableException>(() => Move().RunAsync())).Message.ShouldStartWith($"'{FilePath}' could not be moved into the store '{_database}': ");
        }
        finally
        {
            await server.StartAsync();
        }

        await Move().RunAsync();
        File.Exists(FilePath).ShouldBeFalse();
    }

    private async Task<(StateWrite Live, StateWrite Ended)> WriteFileAsync()
    {
        var (live, ended) = (States.New(StateFamily.Returns), States.New(StateFamily.Drills));
        ended = ended with { HasEnded = true, Proof = States.Proof(ended.Machine, passed: true, 5) };
        await using var store = SqliteStateStore.Open(FilePath, NullLogger<SqliteStateStore>.Instance);
        await store.WriteAsync(live);
        await store.WriteAsync(live with { Version = 2, State = "second" });
        await store.WriteAsync(ended);
        return (live, ended);
    }

    private StateMove Move(Action? committed = null) => new(Streams.Local(server, _database), _directory.FullName, NullLogger<StateMove>.Instance) { Committed = committed ?? (() => { }) };

    private PostgreSqlStateStore Store() => new(Streams.Local(server, _database), TimeProvider.System, NullLogger<PostgreSqlStateStore>.Instance, CancellationToken.None);
}
