using System.Threading.Channels;
using HostAgent.Campaigns.Notices;
using HostAgent.Coordinator.Notifications;
using HostAgent.Coordinator.Notifications.Delivery;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>When a message is tried again, and when it is given up, on a clock of the test's own.</summary>
public sealed class ChannelSenderTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sender-");
    private readonly CountedTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ScriptedDelivery _delivery = new();
    private readonly NotificationOptions _options = new() { Channels = { ["ops"] = new Options.ChannelOptions { Kind = "webhook", Url = "https://hooks.example/x" } } };
    private IOutboxStore _store = null!;
    private NotificationOutbox _outbox = null!;
    private ChannelSender _sender = null!;
    private Task _running = Task.CompletedTask;
    private long _version;
    private int _waits;

    public async ValueTask InitializeAsync()
    {
        _store = SqliteOutboxStore.Open(Path.Combine(_directory.FullName, "notifications.db"));
        _outbox = new NotificationOutbox(() => _store, Microsoft.Extensions.Options.Options.Create(new CoordinatorOptions { Notifications = _options }), _time, NullLogger<NotificationOutbox>.Instance);
        await _outbox.LoadAsync(new Dictionary<Guid, long>(), default);
        _sender = new ChannelSender("ops", _options.MaxAge, _outbox, _delivery, _time, () => 0.999_999, NullLogger.Instance);
        _outbox.Ready = _ => _sender.Wake();
        _running = _sender.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => _running);
        await _store.DisposeAsync();
        _delivery.Dispose();
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Receiver_that_is_away_is_tried_after_waits_that_double_up_to_a_bound()
    {
        _delivery.Answer = new DeliveryResult(DeliveryVerdict.MayPass, "The receiver answered 503.");
        await TellAsync();
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        {
            await AttemptAsync();
            await NoAttemptWithinAsync(TimeSpan.FromSeconds(seconds * 0.99));
            _time.Advance(TimeSpan.FromSeconds((seconds * 0.01) + 0.01));
        }

        await AttemptAsync();
        _outbox.Health.Single().Record.Error.ShouldBe("The receiver answered 503.");
    }

    [Theory]
    [InlineData(120, 120)]
    [InlineData(86_400, 3_600)]
    [InlineData(-5, 1)]
    public async Task Wish_to_be_left_alone_is_kept_within_reason(int asked, int kept)
    {
        _delivery.Answer = new DeliveryResult(DeliveryVerdict.MayPass, "The receiver answered 429.", TimeSpan.FromSeconds(asked));
        await TellAsync();
        await AttemptAsync();
        await NoAttemptWithinAsync(TimeSpan.FromSeconds(kept * 0.99));

        _time.Advance(TimeSpan.FromSeconds((kept * 0.01) + 0.01));
        await AttemptAsync();
    }

    [Fact]
    public async Task What_could_not_be_delivered_for_the_longest_age_is_given_up_with_both_reasons()
    {
        _delivery.Answer = new DeliveryResult(DeliveryVerdict.MayPass, "Connection refused.");
        await TellAsync();
        await AttemptAsync();
        await UntilRestingAsync();
        _time.Advance(_options.MaxAge);
        await AttemptAsync();
        await UntilAsync(() => _outbox.DeadOf("ops").Count == 1);

        var dead = _outbox.DeadOf("ops").Single();
        (dead.Reason, dead.Attempts).ShouldBe(("It could not be delivered within 1.00:00:00. Connection refused.", 2));
    }

    [Fact]
    public async Task Messages_go_in_order_and_one_that_is_refused_does_not_hold_up_the_next()
    {
        _delivery.Answer = new DeliveryResult(DeliveryVerdict.Refused, "The receiver answered 400.");
        await TellAsync();
        var first = await AttemptAsync();
        await UntilAsync(() => _outbox.DeadOf("ops").Count == 1);
        _delivery.Answer = DeliveryResult.Delivered;
        _time.Advance(_options.Interval);
        await TellAsync();
        var second = await AttemptAsync();
        await UntilAsync(() => _outbox.Health.Single().Waiting == 0);

        (first.Id == second.Id, _outbox.DeadOf("ops").Single().Id == first.Id, _outbox.Health.Single().Record.SuccessTime).ShouldBe((false, true, _time.GetUtcNow()));
    }

    private Task TellAsync()
    {
        var notice = new Notice(NoticeTopic.CampaignPaused, ++_version, _time.GetUtcNow(), "", "The campaign is paused.");
        return _outbox.TakeAsync(new CampaignNews("home", Guid.NewGuid(), "PAUSED", notice.Version, [notice]));
    }

    private async Task<Letter> AttemptAsync() => await _delivery.Attempts.Reader.ReadAsync().AsTask().WaitAsync(Limits.Patience);

    private async Task NoAttemptWithinAsync(TimeSpan time)
    {
        await UntilRestingAsync();
        _time.Advance(time);
        _delivery.Attempts.Reader.TryRead(out _).ShouldBeFalse();
    }

    // The wait after an attempt begins when what came of it is kept.
    private async Task UntilRestingAsync()
    {
        await UntilAsync(() => _time.Waits > _waits);
        _waits = _time.Waits;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A clock that tells how often somebody began to wait for it.</summary>
    private sealed class CountedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero))
    {
        private int _waits;

        public int Waits => Volatile.Read(ref _waits);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Interlocked.Increment(ref _waits);
            }

            return timer;
        }
    }

    private sealed class ScriptedDelivery : IDelivery
    {
        public Channel<Letter> Attempts { get; } = Channel.CreateUnbounded<Letter>();

        public DeliveryResult Answer { get; set; } = DeliveryResult.Delivered;

        public Task<DeliveryResult> SendAsync(Letter letter, CancellationToken cancellationToken)
        {
            Attempts.Writer.TryWrite(letter);
            return Task.FromResult(Answer);
        }

        public void Dispose() => Attempts.Writer.TryComplete();
    }
}
