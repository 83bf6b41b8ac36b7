using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>What the store in PostgreSQL does when the network or the server fails between a write and its answer.</summary>
public sealed class PostgreSqlNetworkTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly List<IAsyncDisposable> _open = [];
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        _database = await server.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_open))
        {
            await one.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(nameof(CommitFault.LostAnswer))]
    [InlineData(nameof(CommitFault.LostRequest))]
    public async Task A_commit_whose_answer_is_lost_is_written_once_or_not_at_all_and_said_to_be(string fault)
    {
        var proxy = Proxy();
        var store = await OpenAsync(proxy.Port);
        var campaign = await CreateAsync(store);
        for (var version = 1; version <= 5; version++)
        {
            proxy.Next = Enum.Parse<CommitFault>(fault);
            var isTaken = true;
            try
            {
                await store.AppendAsync(Append(campaign, version, "once"));
            }
            catch (StoreUnavailableException)
            {
                isTaken = false;
            }

            // A commit that did not arrive is tried a second time by the writer itself: nothing of it had happened.
            isTaken.ShouldBeTrue();
            (await store.LoadAsync(campaign, 0, default).CountAsync()).ShouldBe(version + 1);
        }

        proxy.Broken.ShouldBe(5);
        await Streams.VerifyAsync(store, campaign);
    }

    [Fact]
    public async Task A_creation_whose_answer_is_lost_creates_one_campaign()
    {
        var proxy = Proxy();
        var store = await OpenAsync(proxy.Port);
        proxy.Next = CommitFault.LostAnswer;

        var campaign = await CreateAsync(store);

        proxy.Broken.ShouldBe(1);
        (await store.FindAsync("one", default)).ShouldNotBeNull().Campaign.Uid.ShouldBe(campaign);
        await Streams.VerifyAsync(store, campaign);
    }

    [Theory]
    [InlineData(nameof(CommitFault.LostAnswer), true)]
    [InlineData(nameof(CommitFault.LostRequest), false)]
    public async Task A_commit_is_said_to_be_unknown_while_the_server_stays_away_and_is_read_afterwards(string fault, bool isTaken)
    {
        var proxy = Proxy(staysCut: true);
        var store = await OpenAsync(proxy.Port);
        var campaign = await CreateAsync(store);
        proxy.Next = Enum.Parse<CommitFault>(fault);

        await Should.ThrowAsync<StoreOutcomeUnknownException>(() => store.AppendAsync(Append(campaign, 1, "unknown")));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.AppendAsync(Append(campaign, 1, "refused")));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.FindAsync("one", default));
        proxy.Mend();

        (await store.FindAsync("one", default)).ShouldNotBeNull().Version.ShouldBe(isTaken ? 2 : 1);
        await store.AppendAsync(Append(campaign, isTaken ? 2 : 1, "goes on"));
        await Streams.VerifyAsync(store, campaign);
    }

    [Fact]
    public async Task A_writer_that_is_stopped_in_its_transaction_holds_up_the_others_for_seconds_only_and_writes_nothing_when_it_wakes()
    {
        var proxy = Proxy();
        var stopped = await OpenAsync(proxy.Port);
        var other = await OpenAsync(server.Port);
        var campaign = await CreateAsync(other);
        proxy.Next = CommitFault.Held;
        var late = stopped.AppendAsync(Append(campaign, 1, "late"));
        await proxy.IsHeld;

        var begin = TimeProvider.System.GetTimestamp();
        await other.AppendAsync(Append(campaign, 1, "in time"));
        TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(TimeSpan.FromSeconds(15));
        proxy.Release();

        await Should.ThrowAsync<VersionConflictException>(() => late);
        (await other.LoadAsync(campaign, 0, default).ToListAsync()).Select(stored => stored.Type).ShouldBe(["created", "in time"]);
        await Streams.VerifyAsync(other, campaign);
    }

    [Fact]
    public async Task Writes_are_refused_while_the_server_is_away_and_taken_when_it_is_back()
    {
        var store = await OpenAsync(server.Port);
        var campaign = await CreateAsync(store);
        await server.StopAsync();
        try
        {
            var refusal = await Should.ThrowAsync<StoreUnavailableException>(() => store.AppendAsync(Append(campaign, 1, "refused")));
            refusal.Message.ShouldStartWith("The store could not be written to: ");
            (await Should.ThrowAsync<StoreUnavailableException>(() => store.LoadAsync(campaign, 0, default).ToListAsync().AsTask())).Message.ShouldStartWith("The store could not be read: ");
            (await Should.ThrowAsync<StoreUnavailableException>(() => OpenAsync(server.Port))).Message.ShouldStartWith($"The store '{_database}' on 127.0.0.1:{server.Port} cannot be opened: ");
        }
        finally
        {
            await server.StartAsync();
        }

        await store.AppendAsync(Append(campaign, 1, "taken"));
        await Streams.VerifyAsync(store, campaign);
    }

    [Fact]
    public async Task A_restart_of_the_server_between_two_writes_is_not_noticed()
    {
        var store = await OpenAsync(server.Port);
        var campaign = await CreateAsync(store);
        for (var version = 1; version <= 2; version++)
        {
            await server.StopAsync(version % 2 == 0 ? "fast" : "immediate");
            await server.StartAsync();
            (await store.FindAsync("one", default)).ShouldNotBeNull().Version.ShouldBe(version);
            await server.StopAsync();
            await server.StartAsync();
            await store.AppendAsync(Append(campaign, version, "written"));
        }

        await Streams.VerifyAsync(store, campaign);
    }

    [Fact]
    public async Task Whatever_was_acknowledged_under_load_is_there_after_the_server_has_crashed()
    {
        var store = await OpenAsync(server.Port);
        var campaigns = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => CreateAsync(store, $"c{number}")));
        using var enough = new CancellationTokenSource();
        var acknowledged = new long[campaigns.Length];
        var signal = new Signal();
        var writers = campaigns.Select((campaign, index) => Task.Run(async () =>
        {
            for (var version = 1L; !enough.IsCancellationRequested;)
            {
                try
                {
                    await store.AppendAsync(Append(campaign, version, $"e{version}"));
                    Volatile.Write(ref acknowledged[index], ++version);
                    signal.Pulse();
                }
                catch (Exception exception) when (exception is StoreUnavailableException or StoreOutcomeUnknownException)
                {
                    // Whatever it was, reading tells, as soon as the server is back.
                    version = await VersionAsync(store, $"c{index}", enough.Token) ?? version;
                }
            }
        })).ToArray();
        for (var crash = 0; crash < 3; crash++)
        {
            var before = acknowledged.Sum();
            await signal.UntilAsync(() => acknowledged.Sum() > before + 50, "fifty more writes");
            await server.StopAsync();
            await server.StartAsync();
        }

        await enough.CancelAsync();
        await Task.WhenAll(writers);

        for (var index = 0; index < campaigns.Length; index++)
        {
            (await store.FindAsync($"c{index}", default)).ShouldNotBeNull().Version.ShouldBeGreaterThanOrEqualTo(acknowledged[index]);
            await Streams.VerifyAsync(store, campaigns[index]);
        }
    }

    private static async Task<long?> VersionAsync(IEventStore store, string id, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                return (await store.FindAsync(id, CancellationToken.None))!.Version;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }

        return null;
    }

    private static StreamAppend Append(Guid campaign, long version, string type) => new(
        campaign, version, [new NewEvent(Noon, type, "{}")], [new AuditEntry(Noon, "CN=Ana", "127.0.0.1:5000", type, "campaigns/one", "OK", "{}")], null);

    private static async Task<Guid> CreateAsync(IEventStore store, string id = "one")
    {
        var campaign = new NewCampaign(Guid.NewGuid(), id, "document", "campaign.yaml", "CN=Ana", Noon);
        await store.CreateAsync(campaign, Append(campaign.Uid, 0, "created"));
        return campaign.Uid;
    }

    private PostgreSqlProxy Proxy(bool staysCut = false)
    {
        var proxy = new PostgreSqlProxy(server.Port) { StaysCut = staysCut };
        _open.Add(proxy);
        return proxy;
    }

    private async Task<IEventStore> OpenAsync(int port)
    {
        var store = await PostgreSqlEventStore.OpenAsync(
            new StoreOptions { Kind = StoreOptions.PostgreSql, Host = "127.0.0.1", Port = port, Database = _database, User = "postgres" },
            TimeProvider.System,
            NullLogger<PostgreSqlEventStore>.Instance);
        _open.Add(store);
        return store;
    }
}
