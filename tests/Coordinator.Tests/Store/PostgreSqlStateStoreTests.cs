using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Store.States;
using HostAgent.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>Returns, drills and proofs in PostgreSQL: what every store does, and what only a network and several writers of one database see.</summary>
public sealed class PostgreSqlStateStoreTests(PostgreSqlServer server) : StateStoreContract, IClassFixture<PostgreSqlServer>
{
    private readonly List<IAsyncDisposable> _open = [];
    private string? _database;

    [Theory]
    [InlineData(nameof(StateFamily.Returns))]
    [InlineData(nameof(StateFamily.Drills))]
    public async Task Two_stores_that_race_for_a_version_let_exactly_one_through_and_chain_one_audit(string family)
    {
        var other = await OpenAsync();
        _open.Add(other);
        var begun = States.New(Enum.Parse<StateFamily>(family));
        // The first version too: it is an insert, which no row's lock guards.
        for (var version = 1; version <= 20; version++)
        {
            var write = begun with { Version = version };
            var won = await Task.WhenAll(new[] { Store, other }.Select(async (store, number) =>
            {
                try
                {
                    await store.WriteAsync(write with { State = $"{version} by {number}", Audit = [States.Entry($"{version} by {number}")] });
                    return number;
                }
                catch (StateConflictException)
                {
                    return -1;
                }
            }));
            var winner = won.Single(number => number >= 0);
            (await Store.FindAsync(begun.Family, begun.Uid, default)).ShouldBe($"{version} by {winner}");
        }

        (await States.VerifyAsync(other, begun.Family, begun.Uid)).Count.ShouldBe(20);
    }

    [Theory]
    [InlineData(nameof(StateFamily.Returns))]
    [InlineData(nameof(StateFamily.Drills))]
    public async Task First_version_that_two_stores_write_at_once_is_one_of_theirs_each_time(string family)
    {
        var other = await OpenAsync();
        _open.Add(other);
        for (var time = 0; time < 40; time++)
        {
            var begun = States.New(Enum.Parse<StateFamily>(family));
            using var together = new Barrier(2);
            var won = await Task.WhenAll(new[] { Store, other }.Select(store => Task.Run(async () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                try
                {
                    await store.WriteAsync(begun with { Version = 1 });
                    return 1;
                }
                catch (StateConflictException)
                {
                    return 0;
                }
            })));
            won.Sum().ShouldBe(1);
            await Store.WriteAsync(begun with { Version = 2, HasEnded = true });
        }
    }

    [Theory]
    [InlineData(nameof(StateFamily.Returns))]
    [InlineData(nameof(StateFamily.Drills))]
    public async Task Second_one_of_a_machine_that_has_not_ended_is_refused_by_the_name_of_the_machine(string family)
    {
        var first = States.New(Enum.Parse<StateFamily>(family)) with { Version = 1 };
        await Store.WriteAsync(first);

        (await Should.ThrowAsync<StoreUnavailableException>(() => Store.WriteAsync(first with { Uid = Guid.NewGuid() }))).Message
            .ShouldBe($"Machine {first.Machine:D} has another row of {family.ToLowerInvariant()} in the store that has not ended.");
    }

    [Theory]
    [InlineData(nameof(CommitFault.LostAnswer))]
    [InlineData(nameof(CommitFault.LostRequest))]
    public async Task Commit_whose_answer_is_lost_is_written_once(string fault)
    {
        var proxy = new PostgreSqlProxy(server.Port);
        _open.Add(proxy);
        var store = Through(proxy);
        var begun = States.New(StateFamily.Returns);
        for (var version = 1; version <= 5; version++)
        {
            proxy.Next = Enum.Parse<CommitFault>(fault);
            await store.WriteAsync(begun with { Version = version, State = $"{version}", Audit = [States.Entry($"{version}")] });
            (await store.FindAsync(StateFamily.Returns, begun.Uid, default)).ShouldBe($"{version}");
        }

        proxy.Broken.ShouldBe(5);
        (await States.VerifyAsync(store, StateFamily.Returns, begun.Uid)).ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Theory]
    [InlineData(nameof(CommitFault.LostAnswer), true)]
    [InlineData(nameof(CommitFault.LostRequest), false)]
    public async Task Write_whose_outcome_nobody_knows_is_answered_when_the_server_is_back_and_its_writer_goes_on(string fault, bool isTaken)
    {
        var proxy = new PostgreSqlProxy(server.Port) { StaysCut = true };
        _open.Add(proxy);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var store = Through(proxy, time);
        var begun = States.New(StateFamily.Returns);
        await store.WriteAsync(begun);
        var begin = time.GetUtcNow();
        await using var clock = new Timer(_ => time.Advance(TimeSpan.FromMilliseconds(250)), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
        proxy.Next = Enum.Parse<CommitFault>(fault);

        var write = store.WriteAsync(begun with { Version = 2, State = "unknown" });
        // Beyond the writer's own patience, and on.
        while (proxy.Broken == 0 || time.GetUtcNow() - begin < TimeSpan.FromSeconds(20))
        {
            await Task.WhenAny(write, Task.Delay(10));
            write.IsCompleted.ShouldBeFalse();
        }

        await Should.ThrowAsync<StoreUnavailableException>(() => store.FindAsync(StateFamily.Returns, begun.Uid, default));
        write.IsCompleted.ShouldBeFalse();
        proxy.Mend();

        if (isTaken)
        {
            await write;
        }
        else
        {
            await Should.ThrowAsync<StoreUnavailableException>(() => write);
        }

        (await store.FindAsync(StateFamily.Returns, begun.Uid, default)).ShouldBe(isTaken ? "unknown" : begun.State);
        await store.WriteAsync(begun with { Version = isTaken ? 3 : 2, State = "goes on" });
        (await States.VerifyAsync(store, StateFamily.Returns, begun.Uid)).Count.ShouldBe(isTaken ? 3 : 2);
    }

    [Fact]
    public async Task Coordinator_that_stops_waits_no_longer_for_what_became_of_a_write()
    {
        var proxy = new PostgreSqlProxy(server.Port) { StaysCut = true };
        _open.Add(proxy);
        using var stopping = new CancellationTokenSource();
        var store = Through(proxy, stopping: stopping.Token);
        proxy.Next = CommitFault.LostAnswer;
        var write = store.WriteAsync(States.New(StateFamily.Drills));

        await stopping.CancelAsync();

        await Should.ThrowAsync<StoreOutcomeUnknownException>(() => write);
    }

    [Fact]
    public async Task Restart_of_the_server_between_two_writes_is_not_noticed()
    {
        var begun = States.New(StateFamily.Returns);
        await Store.WriteAsync(begun);
        foreach (var (mode, version) in ((string, int)[])[("immediate", 2), ("fast", 3)])
        {
            await server.StopAsync(mode);
            await server.StartAsync();
            (await Store.LoadLiveAsync(StateFamily.Returns, default)).Count.ShouldBe(1);
            await server.StopAsync(mode);
            await server.StartAsync();
            await Store.WriteAsync(begun with { Version = version, State = $"{version}" });
        }

        (await States.VerifyAsync(Store, StateFamily.Returns, begun.Uid)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Writes_are_refused_while_the_server_is_away_and_taken_when_it_is_back()
    {
        var begun = States.New(StateFamily.Returns);
        await server.StopAsync();
        try
        {
            (await Should.ThrowAsync<StoreUnavailableException>(() => Store.WriteAsync(begun))).Message.ShouldStartWith("The store could not be written to: ");
            (await Should.ThrowAsync<StoreUnavailableException>(() => Store.LoadLiveAsync(StateFamily.Returns, default))).Message.ShouldStartWith("The store could not be read: ");
        }
        finally
        {
            await server.StartAsync();
        }

        await Store.WriteAsync(begun);
    }

    [Fact]
    public async Task Database_of_the_version_before_gets_the_tables_at_the_next_start_and_keeps_what_it_has()
    {
        await Streams.OfVersionAsync(server, _database!, 2);
        await server.ExecuteAsync(_database!, "INSERT INTO notification_cursors VALUES (gen_random_uuid(), 7)");
        await Should.ThrowAsync<StoreUnavailableException>(() => Store.LoadLiveAsync(StateFamily.Returns, default));
        var opened = await OpenAsync();
        _open.Add(opened);

        await opened.WriteAsync(States.New(StateFamily.Returns));
        (await Store.LoadLiveAsync(StateFamily.Returns, default)).Count.ShouldBe(1);
        (await server.ExecuteAsync(_database!, "SELECT version FROM notification_cursors")).ShouldBe(7L);
        (await server.ExecuteAsync(_database!, "SELECT max(number) FROM schema_version")).ShouldBe(PostgreSqlSchema.Newest);
    }

    private PostgreSqlStateStore Through(PostgreSqlProxy proxy, TimeProvider? time = null, CancellationToken stopping = default)
    {
        var store = new PostgreSqlStateStore(
            new StoreOptions { Kind = StoreOptions.PostgreSql, Host = "127.0.0.1", Port = proxy.Port, Database = _database!, User = "postgres" },
            time ?? TimeProvider.System,
            NullLogger<PostgreSqlStateStore>.Instance,
            stopping);
        _open.Add(store);
        return store;
    }

    private protected override async Task<IStateStore> OpenAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        _database ??= await server.CreateDatabaseAsync();
        var options = Streams.Local(server, _database);
        await (await PostgreSqlEventStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance)).DisposeAsync();
        return new PostgreSqlStateStore(options, TimeProvider.System, NullLogger<PostgreSqlStateStore>.Instance, CancellationToken.None);
    }

    private protected override async Task CleanAsync()
    {
        foreach (var one in Enumerable.Reverse(_open))
        {
            await one.DisposeAsync();
        }
    }
}
