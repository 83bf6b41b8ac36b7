using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

public sealed class PostgreSqlEventStoreTests(PostgreSqlServer server) : EventStoreContract, IClassFixture<PostgreSqlServer>
{
    private string? _database;

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

        var records = await AuditAsync(campaign);
        records.Count.ShouldBe(41);
        for (var index = 1; index < records.Count; index++)
        {
            AuditChain.Follows(records[index], records[index - 1]).ShouldBeTrue();
        }

        (await Store.LoadSealAsync(campaign, default)).ShouldNotBeNull().CheckAudit().ShouldBeNull();
    }

    private protected override async Task<IEventStore> OpenAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, "PostgreSQL is not installed: .ci/install-peers installs it.");
        _database ??= await server.CreateDatabaseAsync();
        return await PostgreSqlEventStore.OpenAsync(_database, TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance);
    }

    private protected override Task CleanAsync() => Task.CompletedTask;
}
