using HostAgent.Campaigns.Notices;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>How notices become messages: nothing is lost, a storm is one message, what is urgent does not wait, and everything is bounded.</summary>
public sealed class NotificationOutboxTests : IAsyncLifetime
{
    private static readonly Guid Home = Guid.NewGuid();
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("outbox-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly NotificationOptions _options = new() { Channels = { ["ops"] = new ChannelOptions { Kind = "webhook", Url = "https://hooks.example/x" } } };
    private IOutboxStore _store = null!;
    private NotificationOutbox _outbox = null!;
    private long _version;

    public ValueTask InitializeAsync() => OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Storm_is_one_message_that_counts_all_and_names_the_first()
    {
        await TakeAsync([.. Enumerable.Range(0, 200).Select(number => Notice(NoticeTopic.MachineHeld, $"vm-{number}"))]);
        (await _outbox.SealAsync()).ShouldBe(_time.GetUtcNow() + Interval);
        _outbox.Next("ops").ShouldBeNull();

        _time.Advance(Interval);
        await _outbox.SealAsync();

        var message = _outbox.Next("ops").ShouldNotBeNull();
        message.Digest.Subject.ShouldBe("home: 200 × machine held (RUNNING)");
        message.Digest.Parts.ShouldHaveSingleItem().First.Select(one => one.Subject).ShouldBe(["vm-0", "vm-1", "vm-2", "vm-3", "vm-4"]);
        message.Digest.ToText().ShouldContain("… 195 more of machine held");
        message.Id.ShouldBe($"{Home:N}-1-machine-held");
        message.Digest.Write().Length.ShouldBeLessThan(32_768);
    }

    [Fact]
    public async Task Urgent_is_told_at_once_with_what_waits_and_the_next_of_its_kind_with_the_interval()
    {
        await TakeAsync(Notice(NoticeTopic.WaveEnded, "canary"));
        await TakeAsync(Notice(NoticeTopic.ApprovalWaiting, "rest"));
        _outbox.Next("ops").ShouldNotBeNull().Digest.Parts.Select(part => part.Topic).ShouldBe(["wave.ended", "approval.waiting"]);
        await _outbox.DeliveredAsync(_outbox.Next("ops")!);

        await TakeAsync(Notice(NoticeTopic.ApprovalWaiting, "last"));
        await _outbox.SealAsync();
        _outbox.Next("ops").ShouldBeNull();
        // Another kind does not wait for it.
        await TakeAsync(Notice(NoticeTopic.CampaignPaused, ""));
        _outbox.Next("ops").ShouldNotBeNull().Digest.Parts.Select(part => part.Topic).ShouldBe(["approval.waiting", "campaign.paused"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Whatever_happens_when_and_however_often_it_crashes_all_is_told_once_and_no_more_often_than_promised(int seed)
    {
        var random = new Random(seed);
        var topics = Enum.GetValues<NoticeTopic>();
        var (told, sent) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<(DateTimeOffset At, OutboxMessage Message)>());
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    await ReopenAsync();
                    break;
                case < 5:
                    var notices = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Notice(topics[random.Next(topics.Length)], "vm")).ToArray();
                    foreach (var notice in notices)
                    {
                        var word = NoticeTopics.WordOf(notice.Topic);
                        told[word] = told.GetValueOrDefault(word) + 1;
                    }

                    await TakeAsync(notices);
                    break;
                default:
                    _time.Advance(TimeSpan.FromSeconds(random.Next(0, 20)));
                    await _outbox.SealAsync();
                    break;
            }

            await DrainAsync();
        }

        _time.Advance(Interval);
        await _outbox.SealAsync();
        await DrainAsync();
        sent.SelectMany(one => one.Message.Digest.Parts).GroupBy(part => part.Topic).ToDictionary(part => part.Key, part => part.Sum(one => one.Count)).ShouldBe(told, ignoreOrder: true);
        sent.Select(one => one.Message.Id).ShouldBeUnique();
        // In every interval at most one message, and one for each urgent kind in it.
        var calm = sent.Where(one => one.Message.Digest.Parts.All(part => !NoticeTopics.IsUrgent(topics.Single(topic => NoticeTopics.WordOf(topic) == part.Topic)))).Select(one => one.At).ToList();
        calm.Zip(calm.Skip(1), (earlier, later) => later - earlier).ShouldAllBe(gap => gap >= Interval);

        async Task DrainAsync()
        {
            while (_outbox.Next("ops") is { } message)
            {
                sent.Add((_time.GetUtcNow(), message));
                await _outbox.DeliveredAsync(message);
            }
        }
    }

    [Fact]
    public async Task Channel_that_is_down_keeps_no_more_than_its_bound_and_says_what_was_dropped()
    {
        _options.MaxMessages = 3;
        for (var number = 0; number < 10; number++)
        {
            await TakeAsync(Notice(NoticeTopic.CampaignPaused, ""));
            _time.Advance(Interval);
            await _outbox.SealAsync();
        }

        var health = _outbox.Health.ShouldHaveSingleItem();
        (health.Waiting, health.Dead, health.Record.Dropped).ShouldBe((3, 3, 4));
        _outbox.DeadOf("ops").ShouldAllBe(message => message.Reason == "More than 3 messages waited for the channel.");
        await ReopenAsync();
        (_outbox.Health.Single().Waiting, _outbox.Health.Single().Dead, _outbox.Health.Single().Record.Dropped).ShouldBe((3, 3, 4));
    }

    [Fact]
    public async Task What_is_older_than_the_longest_age_is_not_told_and_is_not_read_again()
    {
        var old = Notice(NoticeTopic.CampaignPaused, "");
        _time.Advance(_options.MaxAge + TimeSpan.FromSeconds(1));
        await TakeAsync(old);

        _outbox.Health.Single().Waiting.ShouldBe(0);
        _outbox.CursorOf(Home).ShouldBe(1);
    }

    [Fact]
    public async Task Proof_of_a_channel_does_not_hold_for_another_receiver()
    {
        await _outbox.TestedAsync("ops", null, new AuditEntry(_time.GetUtcNow(), "ann", "", "TestNotificationChannel", "notificationChannels/ops", "OK", "{}"));
        await ReopenAsync();
        _outbox.Health.Single().Record.SuccessTime.ShouldBe(_time.GetUtcNow());

        _options.Channels["ops"].Url = "https://elsewhere.example/x";
        await ReopenAsync();
        _outbox.Health.Single().Record.SuccessTime.ShouldBeNull();
    }

    [Fact]
    public async Task What_waits_for_a_channel_that_is_taken_out_of_the_settings_is_a_dead_letter()
    {
        await TakeAsync(Notice(NoticeTopic.CampaignPaused, ""));
        _options.Channels.Remove("ops");
        _options.Channels["mail"] = new ChannelOptions { Kind = "email" };
        await ReopenAsync();

        _outbox.Health.Select(health => (health.Record.Name, health.Dead)).ShouldBe([("mail", 0), ("ops", 1)]);
        _outbox.DeadOf("ops").Single().Reason.ShouldBe("The channel is no longer in the settings.");
    }

    [Fact]
    public async Task Nothing_changes_when_the_store_does_not_take_it()
    {
        await TakeAsync(Notice(NoticeTopic.CampaignPaused, ""));
        await _store.DisposeAsync();

        await Should.ThrowAsync<Exception>(() => TakeAsync(Notice(NoticeTopic.CampaignResumed, "")));
        (_outbox.CursorOf(Home), _outbox.Health.Single().Waiting).ShouldBe((1, 1));
        await OpenAsync();
        _outbox.CursorOf(Home).ShouldBe(1);
    }

    [Fact]
    public async Task Cursor_of_a_campaign_that_is_gone_is_forgotten()
    {
        await TakeAsync(Notice(NoticeTopic.CampaignPaused, ""));
        await ReopenAsync([]);
        _outbox.CursorOf(Home).ShouldBe(0);
    }

    private Notice Notice(NoticeTopic topic, string subject) => new(topic, ++_version, _time.GetUtcNow(), subject, $"{subject} waits for a person's decision (GUEST_STAYS_UP): {new string('x', 400)}", "failback vm status vm");

    private Task TakeAsync(params Notice[] notices) => _outbox.TakeAsync(new CampaignNews("home", Home, "RUNNING", notices[^1].Version, notices));

    private async Task ReopenAsync(Dictionary<Guid, long>? heads = null)
    {
        await _store.DisposeAsync();
        await OpenAsync(heads);
    }

    private async ValueTask OpenAsync(Dictionary<Guid, long>? heads = null)
    {
        _store = SqliteOutboxStore.Open(Path.Combine(_directory.FullName, "notifications.db"));
        _outbox = new NotificationOutbox(() => _store, Microsoft.Extensions.Options.Options.Create(new CoordinatorOptions { Notifications = _options }), _time, NullLogger<NotificationOutbox>.Instance);
        await _outbox.LoadAsync(heads ?? new Dictionary<Guid, long> { [Home] = _version }, default);
    }
}
