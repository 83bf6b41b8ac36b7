using System.Collections.Concurrent;
using HostAgent.Coordinator.Standby;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Coordinator.Tests.Standby;

/// <summary>What a coordinator that stands by says of campaigns before it has to go on with them.</summary>
public sealed class AdvanceReadingTests : CoordinatorTest
{
    private readonly Rounds _time = new();
    private readonly Lines _log = new();

    [Fact]
    public async Task A_campaign_that_could_not_be_continued_is_reported_when_it_is_first_seen_and_the_others_are_read_all_the_same()
    {
        await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        foreach (var id in (string[])["sound", "spoilt", "later"])
        {
            await Coordinator.CreateAsync(Yaml.Campaign(), id);
        }

        await Coordinator.StopAsync();
        await SpoilAsync("spoilt");
        await RefusingStore.ExecuteAsync(Coordinator.StoreFile, "UPDATE campaigns SET is_terminal = 1 WHERE id = 'later'");
        await using var reading = new AdvanceReading(SqliteEventStore.Open(Coordinator.StoreFile, NullLogger<SqliteEventStore>.Instance), _time, _log);
        await _time.UntilAsync(1);
        _log.Texts.ShouldHaveSingleItem().ShouldMatch("^spoilt cannot be read by this coordinator, which stands by: .*was changed, or does not follow.*BLOCKED$");

        // It is read once: what becomes of it later is the business of the one at work.
        await SpoilAsync("sound");
        await SpoilAsync("later");
        await RefusingStore.ExecuteAsync(Coordinator.StoreFile, "UPDATE campaigns SET is_terminal = 0 WHERE id = 'later'");
        _time.Advance(TimeSpan.FromMinutes(1));
        await _time.UntilAsync(2);
        _log.Texts.Count.ShouldBe(2);
        _log.Texts.Last().ShouldStartWith("later cannot be read ");
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_read_later()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        await Coordinator.CreateAsync(Yaml.Campaign(), "spoilt");
        await Coordinator.StopAsync();
        await SpoilAsync("spoilt");
        await using var store = SqliteEventStore.Open(Coordinator.StoreFile, NullLogger<SqliteEventStore>.Instance);
        await RefusingStore.ExecuteAsync(Coordinator.StoreFile, "ALTER TABLE campaigns RENAME COLUMN summary TO former_summary");
        await using var reading = new AdvanceReading(store, _time, _log);
        await _time.UntilAsync(1);
        _log.Texts.ShouldHaveSingleItem().ShouldContain("no such column");

        await RefusingStore.ExecuteAsync(Coordinator.StoreFile, "ALTER TABLE campaigns RENAME COLUMN former_summary TO summary");
        _time.Advance(TimeSpan.FromMinutes(1));
        await _time.UntilAsync(2);
        _log.Texts.Last().ShouldStartWith("spoilt cannot be read ");
    }

    private Task SpoilAsync(string id)
        => RefusingStore.ExecuteAsync(Coordinator.StoreFile, $"UPDATE events SET time = time + 1 WHERE version = 1 AND campaign = (SELECT uid FROM campaigns WHERE id = '{id}')");

    /// <summary>A clock that knows how often somebody has begun to wait.</summary>
    private sealed class Rounds : FakeTimeProvider
    {
        private readonly Signal _begun = new();
        private int _count;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _count);
            _begun.Pulse();
            return timer;
        }

        public Task UntilAsync(int rounds) => _begun.UntilAsync(() => Volatile.Read(ref _count) >= rounds, $"{rounds} rounds", TestContext.Current.CancellationToken);
    }

    private sealed class Lines : ILogger
    {
        private readonly ConcurrentQueue<string> _texts = new();

        public IReadOnlyCollection<string> Texts => _texts;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _texts.Enqueue(formatter(state, exception));
    }
}
