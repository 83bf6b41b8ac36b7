using HostAgent.Campaigns.Notices;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Tests.Store;
using HostAgent.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>What every store of the outbox does.</summary>
public abstract class OutboxStoreContract : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, 1, 2, TimeSpan.Zero);

    private protected IOutboxStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Everything_is_read_as_it_was_written_also_after_it_was_opened_again()
    {
        (await Store.LoadAsync(default)).IsNew.ShouldBeTrue();
        var (campaign, other) = (Guid.NewGuid(), Guid.NewGuid());
        var (first, second, dead) = (Message(campaign, 3), Message(other, 9) with { State = MessageState.Waiting, CreateTime = Noon.AddSeconds(-1) }, Message(campaign, 1) with { State = MessageState.Dead, Attempts = 4, Reason = "gone \u0007 – weg" });
        await Store.WriteAsync(new OutboxWrite
        {
            Cursors = [(Guid.Empty, 0), (campaign, 12), (other, 9)],
            Saved = [first, second, dead],
            Channels = [new ChannelRecord("mail", "f1"), new ChannelRecord("ops", "f2", Noon, Noon.AddTicks(1), "The receiver answered 503.", 7)],
            Audit = [Entry("one")],
        });
        await Store.DisposeAsync();
        Store = await OpenAsync();

        var read = await Store.LoadAsync(default);
        read.IsNew.ShouldBeFalse();
        read.Cursors.ShouldBe(new Dictionary<Guid, long> { [campaign] = 12, [other] = 9 }, ignoreOrder: true);
        read.Messages.Select(Said).ShouldBe([Said(second), Said(dead), Said(first)]);
        read.Channels.OrderBy(channel => channel.Name, StringComparer.Ordinal).ShouldBe([new ChannelRecord("mail", "f1"), new ChannelRecord("ops", "f2", Noon, Noon.AddTicks(1), "The receiver answered 503.", 7)]);
    }

    [Fact]
    public async Task What_is_written_again_is_the_same_and_what_is_removed_is_gone()
    {
        var campaign = Guid.NewGuid();
        var message = Message(campaign, 3);
        var write = new OutboxWrite { Cursors = [(Guid.Empty, 0), (campaign, 3)], Saved = [message], Channels = [new ChannelRecord("ops", "f")] };
        await Store.WriteAsync(write);
        await Store.WriteAsync(write);
        await Store.WriteAsync(new OutboxWrite { Saved = [message with { State = MessageState.Dead, Reason = "why" }], Cursors = [(campaign, 5)] });
        var read = await Store.LoadAsync(default);
        (read.Messages.ShouldHaveSingleItem().Reason, read.Cursors[campaign]).ShouldBe(("why", 5));

        await Store.WriteAsync(new OutboxWrite { Removed = [message], Cursors = [(campaign, null)] });
        await Store.WriteAsync(new OutboxWrite { Removed = [message] });
        read = await Store.LoadAsync(default);
        (read.Messages.Count, read.Cursors.Count, read.IsNew).ShouldBe((0, 0, false));
    }

    [Fact]
    public async Task Audit_is_one_chain()
    {
        foreach (var action in (string[])["one", "two", "three"])
        {
            await Store.WriteAsync(new OutboxWrite { Audit = [Entry(action)] });
        }

        var records = await Store.ReadAuditAsync(default).ToListAsync();
        records.Select(record => record.Entry.Action).ShouldBe(["one", "two", "three"]);
        AuditRecord? previous = null;
        foreach (var record in records)
        {
            AuditChain.Follows(record, previous).ShouldBeTrue();
            previous = record;
        }
    }

    private protected abstract Task<IOutboxStore> OpenAsync();

    private protected abstract Task CleanAsync();

    private static string Said(OutboxMessage message) => $"{message.Channel} {message.Id} {message.State} {message.CreateTime:O} {message.DueTime:O} {message.Attempts} {message.Reason} {message.Digest.Write()}";

    private static AuditEntry Entry(string action) => new(Noon, "CN=ann", "127.0.0.1", action, "notificationChannels/ops", "OK", "{}");

    private static OutboxMessage Message(Guid campaign, long version) => new(
        "ops",
        Digest.Of("home", campaign, "RUNNING", new Notice(NoticeTopic.MachineHeld, version, Noon, "vm-ä", "vm-ä waits \"for\" a decision.", "failback vm status vm-ä")),
        MessageState.Gathering,
        Noon,
        Noon.AddSeconds(30));
}

public sealed class SqliteOutboxStoreTests : OutboxStoreContract
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("outbox-");

    private protected override Task<IOutboxStore> OpenAsync() => Task.FromResult<IOutboxStore>(SqliteOutboxStore.Open(Path.Combine(_directory.FullName, "notifications.db")));

    private protected override Task CleanAsync()
    {
        _directory.Delete(recursive: true);
        return Task.CompletedTask;
    }
}

public sealed class PostgreSqlOutboxStoreTests(PostgreSqlServer server) : OutboxStoreContract, IClassFixture<PostgreSqlServer>
{
    private StoreOptions? _options;

    [Fact]
    public async Task Database_of_the_version_before_gets_the_tables_at_the_next_start()
    {
        await Streams.OfVersionAsync(server, _options!.Database, 1);
        await Should.ThrowAsync<StoreUnavailableException>(() => Store.LoadAsync(default));
        await using var opened = await OpenAsync();

        (await opened.LoadAsync(default)).IsNew.ShouldBeTrue();
    }

    private protected override async Task<IOutboxStore> OpenAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        _options ??= Streams.Local(server, await server.CreateDatabaseAsync());
        await (await PostgreSqlEventStore.OpenAsync(_options, TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance)).DisposeAsync();
        return new PostgreSqlOutboxStore(_options);
    }

    private protected override Task CleanAsync() => Task.CompletedTask;
}
