using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>The store in PostgreSQL does what every store does, and what only several writers of one database see.</summary>
public sealed class PostgreSqlEventStoreTests(PostgreSqlServer server) : EventStoreContract, IClassFixture<PostgreSqlServer>
{
    private string? _database;

    private string Database => _database!;

    [Fact]
    public async Task Two_stores_that_race_for_a_version_let_exactly_one_through_and_chain_one_audit()
    {
        var campaign = await CreateAsync("one", "created");
        await using var other = await OpenAsync();
        for (var version = 1; version <= 20; version++)
        {
            var at = version;
            var won = await Task.WhenAll(new[] { Store, other }.Select(async store =>
            {
                try
                {
                    await store.AppendAsync(Append(campaign, at, "raced"));
                    return true;
                }
                catch (VersionConflictException)
                {
                    await store.AppendAsync(Append(campaign, 0, "refused") with { Events = [] });
                    return false;
                }
            }));
            won.Count(one => one).ShouldBe(1);
        }

        (await LoadAsync(campaign)).Select(stored => stored.Version).ShouldBe(Enumerable.Range(1, 21).Select(version => (long)version));
        (await AuditAsync(campaign)).Count.ShouldBe(41);
        await VerifyAsync(campaign);
    }

    [Fact]
    public async Task Stores_that_write_to_the_same_campaigns_in_different_orders_do_not_block_each_other()
    {
        var campaigns = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => CreateAsync($"c{number}", "created")));
        await using var other = await OpenAsync();
        var request = new AnsweredRequest(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), new byte[] { 1 }, []);
        var writes = Enumerable.Range(0, 100).SelectMany(round => campaigns
            .SelectMany(campaign => new[]
            {
                Store.AppendAsync(Append(campaign, 0, "from-one") with { Events = [], Requests = [request with { Id = Guid.NewGuid() }] }),
                other.AppendAsync(Append(campaigns[^(1 + Array.IndexOf(campaigns, campaign))], 0, "from-other") with { Events = [], Requests = [request with { Id = Guid.NewGuid() }] }),
            }));

        await Task.WhenAll(writes);

        foreach (var campaign in campaigns)
        {
            (await AuditAsync(campaign)).Count.ShouldBe(201);
            await VerifyAsync(campaign);
        }
    }

    [Fact]
    public async Task Two_coordinators_that_create_the_same_id_at_once_leave_one_campaign()
    {
        await using var other = await OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var id = $"c{round}";
            var won = await Task.WhenAll(new[] { Store, other }.Select(async store =>
            {
                var campaign = new NewCampaign(Guid.NewGuid(), id, "", "", "", TimeProvider.System.GetUtcNow());
                try
                {
                    await store.CreateAsync(campaign, Append(campaign.Uid, 0, "created"));
                    return true;
                }
                catch (CampaignExistsException)
                {
                    return false;
                }
            }));
            won.Count(one => one).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_text_that_the_database_cannot_hold_is_refused_and_spoils_no_other_write()
    {
        var campaign = await CreateAsync("one", "created");
        var other = await CreateAsync("two", "created");

        var bad = Store.AppendAsync(Append(campaign, 1, "nul\0"));
        var lone = Store.AppendAsync(Append(campaign, 1, "half \ud800 of a pair"));
        var good = Store.AppendAsync(Append(other, 1, "good"));

        await good;
        await Should.ThrowAsync<StoreUnavailableException>(() => bad);
        await Should.ThrowAsync<StoreUnavailableException>(() => lone);
        await Store.AppendAsync(Append(campaign, 1, "good"));
        await VerifyAsync(campaign);
    }

    [Fact]
    public async Task Long_streams_are_read_in_pages_without_loss_or_repetition()
    {
        var campaign = await CreateAsync("one", "created");
        await Store.AppendAsync(Append(campaign, 1, [.. Enumerable.Range(0, 4500).Select(number => $"e{number}")]));

        (await LoadAsync(campaign)).Select(stored => stored.Version).ShouldBe(Enumerable.Range(1, 4501).Select(version => (long)version));
        await VerifyAsync(campaign);
    }

    [Fact]
    public async Task Coordinators_that_start_at_once_on_an_empty_database_make_its_tables_once()
    {
        _database = await server.CreateDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));

        (await server.ExecuteAsync(Database, "SELECT count(*) FROM schema_version")).ShouldBe((long)PostgreSqlSchema.Newest);
        await Task.WhenAll(stores.Select(store => store.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Schema_is_upgraded_while_the_former_version_is_connected_which_goes_on_but_starts_no_more()
    {
        var campaign = await CreateAsync("one", "created");
        await using (var upgrade = await server.OpenAsync(Database))
        {
            // What the next version does, in one transaction under the lock.
            await using var transaction = await upgrade.BeginTransactionAsync();
            foreach (var statement in (string[])
            [
                $"SELECT pg_advisory_xact_lock({PostgreSqlSchema.UpgradeLock})", "ALTER TABLE campaigns ADD COLUMN owner text NOT NULL DEFAULT ''",
                $"INSERT INTO schema_version (number) VALUES ({PostgreSqlSchema.Newest + 1})",
            ])
            {
                await using var command = new Npgsql.NpgsqlCommand(statement, upgrade, transaction);
                await command.ExecuteNonQueryAsync();
            }

            var during = Store.AppendAsync(Append(campaign, 1, "during"));
            var starting = OpenAsync();
            await transaction.CommitAsync();
            await during;
            await Should.ThrowAsync<StoreUnavailableException>(() => starting);
        }

        await Store.AppendAsync(Append(campaign, 2, "after"));
        await VerifyAsync(campaign);
        var refusal = await Should.ThrowAsync<StoreUnavailableException>(OpenAsync);
        refusal.Message.ShouldContain($"'{Database}' on ");
        refusal.Message.ShouldContain($"has schema {PostgreSqlSchema.Newest + 1}, but this version knows only schemas up to {PostgreSqlSchema.Newest}");
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_is_named_as_such_and_is_read_on()
    {
        var campaign = await CreateAsync("one", "created");
        await server.ExecuteAsync("postgres", $"ALTER DATABASE {Database} SET default_transaction_read_only = on");
        await server.ExecuteAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Database}'");

        var refusal = await Should.ThrowAsync<StoreUnavailableException>(() => Store.AppendAsync(Append(campaign, 1, "refused")));

        refusal.Message.ShouldStartWith("The store could not be written to: the database is read-only (");
        (await LoadAsync(campaign)).Count.ShouldBe(1);
        await server.ExecuteAsync("postgres", $"ALTER DATABASE {Database} RESET default_transaction_read_only");
        await server.ExecuteAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Database}'");
        await Store.AppendAsync(Append(campaign, 1, "taken"));
    }

    [Fact]
    public async Task A_full_disk_is_named_as_such()
    {
        var campaign = await CreateAsync("one", "created");
        await server.ExecuteAsync(Database, """
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              RAISE EXCEPTION 'could not extend file "base/5/1": No space left on device' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON events EXECUTE FUNCTION full_disk()
            """);

        var refusal = await Should.ThrowAsync<StoreUnavailableException>(() => Store.AppendAsync(Append(campaign, 1, "refused")));

        refusal.Message.ShouldBe("The store could not be written to: the disk of the database is full (could not extend file \"base/5/1\": No space left on device).");
        await server.ExecuteAsync(Database, "DROP TRIGGER full_disk ON events");
        await Store.AppendAsync(Append(campaign, 1, "taken"));
        await VerifyAsync(campaign);
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_refused_by_name()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        _database = await server.CreateDatabaseAsync("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");

        (await Should.ThrowAsync<StoreUnavailableException>(OpenAsync)).Message.ShouldContain("has the encoding SQL_ASCII; it must be UTF8");
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'CN=Nobody' WHERE sequence = 2")]
    [InlineData("DELETE FROM audit WHERE sequence = 2")]
    [InlineData("UPDATE events SET data = '{}' WHERE version = 2")]
    [InlineData("DELETE FROM events WHERE version = 3")]
    public async Task Rows_that_were_edited_outside_the_coordinator_do_not_verify(string edit)
    {
        var campaign = await CreateAsync("one", "a");
        await Store.AppendAsync(Append(campaign, 1, "b"));
        await Store.AppendAsync(Append(campaign, 2, "c"));

        await server.ExecuteAsync(Database, edit);

        await Should.ThrowAsync<StreamDamagedException>(() => VerifyAsync(campaign));
    }

    private async Task VerifyAsync(Guid campaign) => await Streams.VerifyAsync(Store, campaign);

    private protected override async Task<IEventStore> OpenAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        _database ??= await server.CreateDatabaseAsync();
        return await PostgreSqlEventStore.OpenAsync(Streams.Local(server, _database), TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance);
    }

    private protected override Task CleanAsync() => Task.CompletedTask;
}

/// <summary>Helps the tests of stores on servers.</summary>
internal static class Streams
{
    /// <summary>Empties a database and gives it the tables that a former version made.</summary>
    public static async Task OfVersionAsync(PostgreSqlServer server, string database, int version)
    {
        await server.ExecuteAsync(database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner");
        await using var source = PostgreSqlDatabase.Open(Local(server, database), connections: 1);
        await using var connection = await source.OpenConnectionAsync();
        await PostgreSqlSchema.UpgradeAsync(connection, version);
    }

    /// <summary>The settings of a store that is reached by the unix socket.</summary>
    public static StoreOptions Local(PostgreSqlServer server, string database)
        => new() { Kind = StoreOptions.PostgreSql, Host = server.Socket, Port = server.Port, Database = database, User = "failback" };

    /// <summary>Follows the chains of a campaign from their beginnings to what its row says.</summary>
    public static async Task VerifyAsync(IEventStore store, Guid campaign)
    {
        var seal = (await store.LoadSealAsync(campaign, default)).ShouldNotBeNull();
        var chain = new EventChainReader(0, default);
        await foreach (var stored in store.LoadAsync(campaign, 0, default))
        {
            chain.Take(stored);
        }

        chain.End(seal);
        AuditRecord? previous = null;
        await foreach (var record in store.ReadAuditAsync(campaign, 0, default))
        {
            previous = AuditChain.Follows(record, previous) ? record : throw new StreamDamagedException($"audit record {record.Sequence} does not follow");
        }

        seal.CheckAudit().ShouldBeNull();
    }
}
