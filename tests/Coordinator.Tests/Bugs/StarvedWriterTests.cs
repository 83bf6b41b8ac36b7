using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Tests.Store;
using HostAgent.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>
/// Readers once took as many connections to PostgreSQL as they liked, up to a hundred, and the writer was one of those who waited for them: whoever asked for enough lists at once kept every campaign from going on.
/// </summary>
public sealed class StarvedWriterTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    // Twelve that read, one that writes, and the one that asks.
    private const int Allowed = 14;

    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Readers_however_many_leave_the_writer_its_connection_and_the_server_all_but_a_few()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await server.CreateDatabaseAsync();
        await using var store = await PostgreSqlEventStore.OpenAsync(Streams.Local(server, database), TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance);
        var campaign = new NewCampaign(Guid.NewGuid(), "one", "document", "campaign.yaml", "CN=Ana", Noon);
        await store.CreateAsync(campaign, Append(0));

        // Nobody can read percentages until it is released.
        await using var holder = await server.OpenAsync(database);
        await using var held = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = holder.CreateCommand())
        {
            hold.CommandText = "LOCK TABLE progress IN ACCESS EXCLUSIVE MODE";
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var readers = Enumerable.Range(0, 150).Select(_ => IsReadAsync()).ToList();
        await UntilAsync("SELECT count(*) >= 12 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        await store.AppendAsync(Append(1));
        ((long)(await server.ExecuteAsync(database, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'failback coordinator'"))!).ShouldBeLessThanOrEqualTo(Allowed);

        await held.RollbackAsync(TestContext.Current.CancellationToken);
        (await Task.WhenAll(readers)).ShouldContain(true);
        (await store.LoadProgressAsync(campaign.Uid, default)).ShouldBeEmpty();

        StreamAppend Append(long version) => new(campaign.Uid, version, [new NewEvent(Noon, "created", "{}")], [], null);

        // Some may have waited for longer than anybody does.
        async Task<bool> IsReadAsync()
        {
            try
            {
                return (await store.LoadProgressAsync(campaign.Uid, default)).Count == 0;
            }
            catch (StoreUnavailableException exception)
            {
                exception.Message.ShouldNotContain("connection string");
                return false;
            }
        }

        async Task UntilAsync(string question)
        {
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!(bool)(await server.ExecuteAsync(database, question))!)
            {
                await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }
}
