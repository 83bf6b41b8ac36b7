using System.Threading.Channels;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>Who has a database to himself, and since when.</summary>
public sealed class PostgreSqlLockTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    [Fact]
    public async Task Terms_of_a_store_count_up_and_those_of_another_one_are_not_compared()
    {
        var (one, other) = (await OptionsAsync(), await OptionsAsync());
        List<StoreTerm> terms = [];
        for (var term = 0; term < 3; term++)
        {
            await using var held = await TakeAsync(one);
            terms.Add(held.Term);
        }

        terms.Select(term => term.Store).Distinct().ShouldHaveSingleItem().Length.ShouldBeInRange(1, 128);
        terms.Select(term => term.Number).ShouldBeInOrder(SortDirection.Ascending);
        terms.DistinctBy(term => term.Number).Count().ShouldBe(3);
        await using var elsewhere = await TakeAsync(other);
        elsewhere.Term.Store.ShouldNotBe(terms[0].Store);
    }

    [Fact]
    public async Task Term_after_a_crash_of_the_server_is_of_a_store_of_its_own()
    {
        // A copy of the files that another server serves looks the same, and must not pass for this one.
        var options = await OptionsAsync();
        StoreTerm before;
        await using (var held = await TakeAsync(options))
        {
            before = held.Term;
        }

        await server.StopAsync();
        await server.StartAsync();

        await using var again = await TakeAsync(options);
        again.Term.Store.ShouldNotBe(before.Store);
    }

    [Fact]
    public async Task Process_whose_session_the_server_has_ended_begins_a_new_term_when_nobody_was_faster()
    {
        var options = await OptionsAsync();
        await using var held = await TakeAsync(options);
        var first = held.Term;
        await server.ExecuteAsync(options.Database, "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'");

        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (held.Term == first)
        {
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        held.Term.Store.ShouldBe(first.Store);
        held.Term.Number.ShouldBeGreaterThan(first.Number);
        await held.RequireAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_stands_by_learns_where_the_one_at_work_is_once_that_one_listens_and_stops_before_it_is_at_work_itself()
    {
        var options = await OptionsAsync();
        await using (await PostgreSqlEventStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance))
        {
            // It makes the tables.
        }

        var held = await TakeAsync(options);
        var standby = new Noting();
        options.Standby = true;
        var taking = PostgreSqlLock.TakeAsync(options, TimeProvider.System, NullLogger<PostgreSqlLock>.Instance, new HoldEvents(() => { }) { StandBy = () => Task.FromResult<IStandby>(standby) });
        (await standby.NextAsync()).ShouldBeNull();

        var place = new PlaceAtWork("https://dr-a.example:8443", "https://dr-a.example:8445");
        await held.TellAsync(place);
        PlaceAtWork? found;
        do
        {
            found = await standby.NextAsync();
        }
        while (found is null);
        found.ShouldBe(place);

        await held.DisposeAsync();
        await using var taken = await taking;
        standby.IsDisposed.ShouldBeTrue();
        // What the former one told is not taken for its successor's.
        (await PlacesAsync(options.Database)).ShouldBe(0L);
        await taken.TellAsync(place with { Console = null });
        (await PlacesAsync(options.Database)).ShouldBe(1L);
    }

    [Fact]
    public async Task Place_is_told_anew_by_the_session_that_has_taken_the_lock_again()
    {
        var options = await OptionsAsync();
        await using (await PostgreSqlEventStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance))
        {
            // It makes the tables.
        }

        await using var held = await TakeAsync(options);
        var first = held.Term;
        await held.TellAsync(new PlaceAtWork("https://dr-a.example:8443", null));
        await server.ExecuteAsync(options.Database, "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'");
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (held.Term == first)
        {
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        // Asked after the session, which tells before it answers anything else.
        await held.RequireAsync(TestContext.Current.CancellationToken);
        (await PlacesAsync(options.Database)).ShouldBe(1L);
    }

    [Fact]
    public async Task Coordinator_that_another_one_may_have_replaced_doubts_itself_while_the_database_is_silent_and_one_alone_does_not()
    {
        await using var proxy = FaultProxy.To(new Uri($"https://127.0.0.1:{(await OptionsAsync()).Port}"));
        var (doubts, regained, ofAlone) = (new SemaphoreSlim(0), new TaskCompletionSource(), 0);
        await using var alone = await HoldAsync(standby: false, new HoldEvents(() => { }) { Doubted = _ => ofAlone++ });
        await using var shared = await HoldAsync(standby: true, new HoldEvents(() => { })
        {
            Doubted = silent =>
            {
                silent.ShouldBeGreaterThan(TimeSpan.FromSeconds(4));
                doubts.Release();
            },
            Regained = () => regained.TrySetResult(),
        });

        proxy.Fault = WireFault.LosesBoth;
        for (var doubt = 0; doubt < 3; doubt++)
        {
            (await doubts.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).ShouldBeTrue();
        }

        ofAlone.ShouldBe(0, "nobody stands by for it: what it shows is what there is");
        proxy.Fault = WireFault.None;
        proxy.Reset();
        await regained.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        async Task<PostgreSqlLock> HoldAsync(bool standby, HoldEvents events)
        {
            var options = await OptionsAsync();
            (options.Port, options.Standby, options.TakeOverAfter) = (proxy.Address.Port, standby, TimeSpan.FromSeconds(2));
            return await PostgreSqlLock.TakeAsync(options, TimeProvider.System, NullLogger<PostgreSqlLock>.Instance, events);
        }
    }

    private Task<object?> PlacesAsync(string database) => server.ExecuteAsync(
        database, "SELECT count(*) FROM place_at_work JOIN pg_locks ON pid = session WHERE locktype = 'advisory' AND granted AND address = 'https://dr-a.example:8443'");

    private sealed class Noting : IStandby
    {
        private readonly Channel<PlaceAtWork?> _found = Channel.CreateUnbounded<PlaceAtWork?>();

        public bool IsDisposed { get; private set; }

        public void Found(PlaceAtWork? place) => _found.Writer.TryWrite(place);

        public async Task<PlaceAtWork?> NextAsync() => await _found.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }

    private static Task<PostgreSqlLock> TakeAsync(StoreOptions options)
        => PostgreSqlLock.TakeAsync(options, TimeProvider.System, NullLogger<PostgreSqlLock>.Instance, new HoldEvents(() => { }));

    private async Task<StoreOptions> OptionsAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        return new StoreOptions { Kind = StoreOptions.PostgreSql, Host = "127.0.0.1", Port = server.Port, Database = await server.CreateDatabaseAsync(), User = "postgres" };
    }
}
