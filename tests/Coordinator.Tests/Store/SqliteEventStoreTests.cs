using System.Diagnostics.Metrics;
using Dapper;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

public sealed class SqliteEventStoreTests : EventStoreContract
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("event-store-");

    private string File => Path.Combine(_directory.FullName, "campaigns.db");

    [Fact]
    public async Task A_copy_of_the_files_taken_without_closing_holds_everything_acknowledged()
    {
        var campaign = await CreateAsync("one", "created");
        await Store.AppendAsync(Append(campaign, 1, "started"));

        // What a killed process leaves behind: the file and its write-ahead log as they are now.
        var crashed = _directory.CreateSubdirectory("crashed").FullName;
        foreach (var file in _directory.EnumerateFiles("campaigns.db*"))
        {
            file.CopyTo(Path.Combine(crashed, file.Name));
        }

        await using var reopened = SqliteEventStore.Open(Path.Combine(crashed, "campaigns.db"), NullLogger<SqliteEventStore>.Instance);
        (await reopened.LoadAsync(campaign, 0, default).ToListAsync()).Select(e => e.Type).ShouldBe(["created", "started"]);
        await reopened.AppendAsync(Append(campaign, 2, "paused"));
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'CN=Nobody' WHERE sequence = 2")]
    [InlineData("UPDATE audit SET time = time + 1 WHERE sequence = 2")]
    [InlineData("UPDATE audit SET details = '{ }' WHERE sequence = 2")]
    [InlineData("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 2")]
    [InlineData("DELETE FROM audit WHERE sequence = 2")]
    [InlineData("DELETE FROM audit WHERE sequence = 1")]
    public async Task An_edited_audit_chain_does_not_verify(string edit)
    {
        var campaign = await CreateAsync("one", "a");
        await Store.AppendAsync(Append(campaign, 1, "b"));
        await Store.AppendAsync(Append(campaign, 2, "c"));

        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            (await connection.ExecuteAsync(edit)).ShouldBe(1);
        }

        var records = await AuditAsync(campaign);
        records.Select((record, index) => AuditChain.Follows(record, index == 0 ? null : records[index - 1])).ShouldContain(false);
    }

    [Fact]
    public async Task A_store_of_the_first_version_opens_and_goes_on()
    {
        var campaign = await CreateAsync("one", "created");
        await Store.DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await connection.ExecuteAsync("""
                DROP TABLE progress; DROP TABLE snapshots; DROP TABLE machines;
                DROP TABLE requests; DROP INDEX campaigns_deleted;
                ALTER TABLE campaigns DROP COLUMN deleted_id; ALTER TABLE campaigns DROP COLUMN deleted_by; ALTER TABLE campaigns DROP COLUMN deleted_time;
                ALTER TABLE events DROP COLUMN hash; ALTER TABLE campaigns DROP COLUMN event_hash;
                ALTER TABLE audit DROP COLUMN stream_version; ALTER TABLE audit DROP COLUMN stream_hash;
                PRAGMA user_version = 1
                """);
        }

        await using var upgraded = SqliteEventStore.Open(File, NullLogger<SqliteEventStore>.Instance);

        (await upgraded.LoadAsync(campaign, 0, default).ToListAsync()).Select(e => e.Type).ShouldBe(["created"]);
        await upgraded.AppendAsync(Append(campaign, 1, "started") with { Progress = [new ItemProgress("a", 1, 10)] });
        (await upgraded.LoadProgressAsync(campaign, default)).Count.ShouldBe(1);
        var chain = new EventChainReader(0, default);
        await foreach (var stored in upgraded.LoadAsync(campaign, 0, default))
        {
            chain.Take(stored);
        }

        chain.End((await upgraded.LoadSealAsync(campaign, default)).ShouldNotBeNull());
    }

    [Fact]
    public async Task A_store_of_the_fourth_version_opens_and_remembers_requests()
    {
        var campaign = await CreateAsync("one", "created");
        await Store.DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await connection.ExecuteAsync("""
                DROP TABLE requests; DROP INDEX campaigns_deleted;
                ALTER TABLE campaigns DROP COLUMN deleted_id; ALTER TABLE campaigns DROP COLUMN deleted_by; ALTER TABLE campaigns DROP COLUMN deleted_time;
                PRAGMA user_version = 4
                """);
        }

        await using var upgraded = SqliteEventStore.Open(File, NullLogger<SqliteEventStore>.Instance);

        (await upgraded.ListAsync(new CampaignQuery(10, null, [], LiveOnly: false), default)).ShouldHaveSingleItem().Campaign.Id.ShouldBe("one");
        var request = new AnsweredRequest(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), new byte[] { 7 }, ["a"]);
        await upgraded.AppendAsync(Append(campaign, 1, "retried") with { Requests = [request] });
        (await upgraded.LoadRequestsAsync(campaign, request.Time.AddHours(-1), default)).ShouldHaveSingleItem().Id.ShouldBe(request.Id);
    }

    [Fact]
    public async Task Writes_that_wait_together_are_committed_together()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var counted = new Counted(factory);
        await using var store = SqliteEventStore.Open(Path.Combine(_directory.FullName, "counted.db"), NullLogger<SqliteEventStore>.Instance, new StoreMetrics(factory));
        var campaign = new NewCampaign(Guid.NewGuid(), "one", "", "", "", TimeProvider.System.GetUtcNow());
        await store.CreateAsync(campaign, Append(campaign.Uid, 0, "created"));

        await Task.WhenAll(Enumerable.Range(1, 1000).Select(version => store.AppendAsync(Append(campaign.Uid, version, $"e{version}"))));

        (counted["coordinator.store.writes"], counted["coordinator.store.events"]).ShouldBe((1001, 1001));
        counted["coordinator.store.commits"].ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_write_that_fails_in_the_middle_leaves_nothing_and_the_next_one_goes_on()
    {
        var campaign = await CreateAsync("one", "created");
        await Store.AppendAsync(Append(campaign, 1, "started"));
        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await connection.ExecuteAsync("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no audit today'); END");
            (await Should.ThrowAsync<StoreUnavailableException>(() => Store.AppendAsync(Append(campaign, 2, "paused")))).Message.ShouldContain("no audit today");
            await connection.ExecuteAsync("DROP TRIGGER no_audit");
        }

        await Store.AppendAsync(Append(campaign, 2, "resumed"));

        var chain = new EventChainReader(0, default);
        var types = new List<string>();
        await foreach (var stored in Store.LoadAsync(campaign, 0, default))
        {
            chain.Take(stored);
            types.Add(stored.Type);
        }

        types.ShouldBe(["created", "started", "resumed"]);
        chain.End((await Store.LoadSealAsync(campaign, default)).ShouldNotBeNull());
        var records = await AuditAsync(campaign);
        records.Select((record, index) => AuditChain.Follows(record, index == 0 ? null : records[index - 1])).ShouldAllBe(follows => follows);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_by_name()
    {
        await Store.DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await connection.ExecuteAsync("PRAGMA user_version = 999");
        }

        var refusal = Should.Throw<StoreUnavailableException>(() => SqliteEventStore.Open(File, NullLogger<SqliteEventStore>.Instance));

        refusal.Message.ShouldContain("schema 999");
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_refused_by_name_and_left_alone()
    {
        var other = Path.Combine(_directory.FullName, "other.db");
        await System.IO.File.WriteAllTextAsync(other, new string('x', 4096));

        var refusal = Should.Throw<StoreUnavailableException>(() => SqliteEventStore.Open(other, NullLogger<SqliteEventStore>.Instance));

        refusal.Message.ShouldContain(other);
        (await System.IO.File.ReadAllTextAsync(other)).ShouldBe(new string('x', 4096));
    }

    [Fact]
    public async Task The_file_keeps_a_write_ahead_log()
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");

        (await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode")).ShouldBe("wal");
    }

    private protected override Task<IEventStore> OpenAsync() =>
        Task.FromResult<IEventStore>(SqliteEventStore.Open(File, NullLogger<SqliteEventStore>.Instance));

    private protected override Task CleanAsync()
    {
        _directory.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
