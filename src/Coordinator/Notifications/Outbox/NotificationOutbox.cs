using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HostAgent.Campaigns.Notices;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Notifications.Outbox;

/// <summary>What was read of one campaign's events.</summary>
/// <param name="Campaign">The campaign's id.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="State">Its state after the newest event.</param>
/// <param name="Version">The version of the newest event.</param>
/// <param name="Notices">What people are told of them.</param>
internal sealed record CampaignNews(string Campaign, Guid Uid, string State, long Version, IReadOnlyList<Notice> Notices);

/// <summary>How a channel is doing.</summary>
/// <param name="Record">What is kept of it.</param>
/// <param name="Gathering">How many messages are not complete.</param>
/// <param name="Waiting">How many complete messages wait for it.</param>
/// <param name="Dead">How many dead letters it has.</param>
internal sealed record ChannelHealth(ChannelRecord Record, int Gathering, int Waiting, int Dead);

/// <summary>
/// What is to be told and was not delivered yet. The truth is in the store: every change is durable before it is here. Everything is bounded: how many messages wait for a channel,
/// how many dead letters it keeps, and how long each is. Thread-safe.
/// </summary>
internal sealed partial class NotificationOutbox(Func<IOutboxStore> open, IOptions<CoordinatorOptions> options, TimeProvider time, ILogger<NotificationOutbox> logger) : IDisposable
{
    private readonly Lazy<IOutboxStore> _store = new(open);
    private readonly NotificationOptions _options = options.Value.Notifications;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, long> _cursors = [];
    private readonly SortedDictionary<string, ChannelQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>Called when messages of a channel are complete.</summary>
    public Action<string>? Ready { get; set; }

    /// <summary>The channels of the settings.</summary>
    public IReadOnlyDictionary<string, ChannelOptions> Channels => _options.Channels;

    /// <summary>How all channels are doing, those too that are no longer in the settings and have dead letters.</summary>
    public IReadOnlyList<ChannelHealth> Health
    {
        get
        {
            lock (_lock)
            {
                return [.. _queues.Values.Select(queue => queue.Health)];
            }
        }
    }

    /// <summary>Reads what was left by the process before.</summary>
    /// <param name="heads">Every stored campaign with the version of its stream: what they have done before anybody was to be told of is not told.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read or written.</exception>
    public Task LoadAsync(IReadOnlyDictionary<Guid, long> heads, CancellationToken cancellationToken) => ChangeAsync(async () =>
    {
        var contents = await Store.LoadAsync(cancellationToken);
        var cursors = contents.IsNew ? heads.ToDictionary(head => head.Key, head => head.Value) : contents.Cursors.Where(cursor => heads.ContainsKey(cursor.Key)).ToDictionary();
        var known = contents.Channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);
        var queues = _options.Channels.Select(channel => channel.Key).Concat(known.Keys).Concat(contents.Messages.Select(message => message.Channel)).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, name => new ChannelQueue(Recognised(name, known.GetValueOrDefault(name))), StringComparer.Ordinal);
        var saved = new List<OutboxMessage>();
        foreach (var message in contents.Messages)
        {
            var kept = message;
            if (message.State != MessageState.Dead && !_options.Channels.ContainsKey(message.Channel))
            {
                kept = message with { State = MessageState.Dead, Reason = "The channel is no longer in the settings." };
                saved.Add(kept);
            }

            queues[message.Channel].Put(kept);
        }

        await Store.WriteAsync(new OutboxWrite
        {
            Cursors =
            [
                .. contents.IsNew ? [(Guid.Empty, 0L)] : Array.Empty<(Guid, long?)>(),
                .. contents.IsNew ? cursors.Select(cursor => (cursor.Key, (long?)cursor.Value)) : contents.Cursors.Keys.Where(uid => !cursors.ContainsKey(uid)).Select(uid => (uid, (long?)null)),
            ],
            Saved = saved,
            Channels = [.. queues.Values.Select(queue => queue.Record)],
        });
        lock (_lock)
        {
            foreach (var (uid, version) in cursors)
            {
                _cursors[uid] = version;
            }

            foreach (var (name, queue) in queues.Where(queue => _options.Channels.ContainsKey(queue.Key) || queue.Value.Dead.Count > 0))
            {
                _queues[name] = queue;
            }
        }
    });

    /// <summary>Up to which version the events of a campaign were told; 0 for none.</summary>
    public long CursorOf(Guid campaign)
    {
        lock (_lock)
        {
            return _cursors.GetValueOrDefault(campaign);
        }
    }

    /// <summary>Takes what was read of a campaign's events. When this returns, everything in it will be told, whatever happens.</summary>
    /// <exception cref="StoreUnavailableException">It could not be made durable; nothing was taken.</exception>
    public async Task TakeAsync(CampaignNews news)
    {
        var ready = new HashSet<string>(StringComparer.Ordinal);
        await ChangeAsync(async () =>
        {
            var now = time.GetUtcNow();
            var change = new Change(this);
            var urgent = new List<(string Channel, NoticeTopic Topic)>();
            foreach (var notice in news.Notices.Where(notice => now - notice.Time <= _options.MaxAge))
            {
                foreach (var (name, channel) in _options.Channels.Where(channel => channel.Value.Wants(notice.Topic) && channel.Value.Covers(news.Campaign)))
                {
                    var queue = change.Of(name);
                    var gathered = queue.Gathering.GetValueOrDefault(news.Uid);
                    var message = gathered is null
                        ? new OutboxMessage(name, Digest.Of(news.Campaign, news.Uid, news.State, notice), MessageState.Gathering, now, now + _options.Interval)
                        : gathered with { Digest = gathered.Digest.With(news.State, notice) };
                    // At once, but not again and again: the second of the same kind within the interval waits for the others.
                    if (NoticeTopics.IsUrgent(notice.Topic) && (!queue.Urgent.TryGetValue((news.Uid, notice.Topic), out var last) || now - last >= _options.Interval))
                    {
                        urgent.Add((name, notice.Topic));
                        message = message with { DueTime = now };
                    }

                    change.Save(message);
                }
            }

            SealDue(change, now, ready);
            await Store.WriteAsync(change.ToWrite() with { Cursors = [(news.Uid, news.Version)] });
            lock (_lock)
            {
                change.Apply();
                _cursors[news.Uid] = news.Version;
                foreach (var (channel, topic) in urgent)
                {
                    _queues[channel].NoteUrgent(news.Uid, topic, now, _options.Interval);
                }
            }
        });
        Announce(ready);
    }

    /// <summary>Completes the messages whose time has come.</summary>
    /// <returns>When the next one is complete; null when none is gathered.</returns>
    /// <exception cref="StoreUnavailableException">It could not be made durable; nothing was completed.</exception>
    public async Task<DateTimeOffset?> SealAsync()
    {
        var ready = new HashSet<string>(StringComparer.Ordinal);
        DateTimeOffset? next = null;
        await ChangeAsync(async () =>
        {
            var change = new Change(this);
            SealDue(change, time.GetUtcNow(), ready);
            await CommitAsync(change);
            next = _queues.Values.SelectMany(queue => queue.Gathering.Values).Select(message => (DateTimeOffset?)message.DueTime).Min();
        });
        Announce(ready);
        return next;
    }

    /// <summary>The message that a channel is told next, oldest first; null when none is complete.</summary>
    public OutboxMessage? Next(string channel)
    {
        lock (_lock)
        {
            return _queues.GetValueOrDefault(channel)?.Waiting.FirstOrDefault();
        }
    }

    /// <summary>Notes that a message was delivered.</summary>
    /// <exception cref="StoreUnavailableException">It could not be made durable: the message may be delivered once more, with the same id.</exception>
    public Task DeliveredAsync(OutboxMessage message) => ChangeAsync(() =>
    {
        var change = new Change(this);
        change.Remove(message);
        change.Note(message.Channel, record => record with { SuccessTime = time.GetUtcNow(), ErrorTime = null, Error = "" });
        return CommitAsync(change);
    });

    /// <summary>Notes that an attempt failed and is made again.</summary>
    /// <exception cref="StoreUnavailableException">It could not be made durable.</exception>
    public Task FailedAsync(string channel, string error) => ChangeAsync(() =>
    {
        var change = new Change(this);
        var record = change.Of(channel).Record;
        // One write for each kind of failure, not for each attempt.
        if (record.Error == error)
        {
            return Task.CompletedTask;
        }

        change.Note(channel, one => one with { ErrorTime = time.GetUtcNow(), Error = error });
        return CommitAsync(change);
    });

    /// <summary>Gives a message up.</summary>
    /// <exception cref="StoreUnavailableException">It could not be made durable.</exception>
    public Task GiveUpAsync(OutboxMessage message, int attempts, string reason, string error) => ChangeAsync(() =>
    {
        var change = new Change(this);
        LogDead(message.Channel, message.Id, reason);
        change.Save(message with { State = MessageState.Dead, Attempts = attempts, Reason = reason });
        change.Note(message.Channel, record => record with { ErrorTime = time.GetUtcNow(), Error = error });
        Bound(change, message.Channel);
        return CommitAsync(change);
    });

    /// <summary>Records a test of a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="error">Why it failed; null when it was delivered.</param>
    /// <param name="audit">Who did it.</param>
    /// <exception cref="StoreUnavailableException">It could not be made durable.</exception>
    public Task TestedAsync(string channel, string? error, AuditEntry audit) => ChangeAsync(() =>
    {
        var change = new Change(this) { Audit = [audit] };
        change.Note(channel, record => error is null
            ? record with { SuccessTime = time.GetUtcNow(), ErrorTime = null, Error = "" }
            : record with { ErrorTime = time.GetUtcNow(), Error = error });
        return CommitAsync(change);
    });

    /// <summary>The dead letters of a channel, oldest first.</summary>
    public IReadOnlyList<OutboxMessage> DeadOf(string channel)
    {
        lock (_lock)
        {
            return _queues.TryGetValue(channel, out var queue) ? [.. queue.Dead] : [];
        }
    }

    /// <summary>Has dead letters tried again, under the same ids.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="ids">Which; empty for all.</param>
    /// <param name="audit">Who did it.</param>
    /// <returns>How many.</returns>
    /// <exception cref="StoreUnavailableException">It could not be made durable; nothing was done.</exception>
    public async Task<int> ReplayAsync(string channel, IReadOnlySet<string> ids, AuditEntry audit)
    {
        var count = await SettleAsync(channel, ids, audit, (change, message, now) => change.Save(message with { State = MessageState.Waiting, CreateTime = now, Attempts = 0, Reason = "" }));
        Announce([channel]);
        return count;
    }

    /// <summary>Forgets dead letters.</summary>
    /// <inheritdoc cref="ReplayAsync"/>
    public Task<int> DiscardAsync(string channel, IReadOnlySet<string> ids, AuditEntry audit) => SettleAsync(channel, ids, audit, (change, message, _) => change.Remove(message));

    /// <summary>Records what a person was refused.</summary>
    /// <exception cref="StoreUnavailableException">It could not be made durable.</exception>
    public Task RecordAsync(IReadOnlyList<AuditEntry> audit) => audit.Count == 0 ? Task.CompletedTask : ChangeAsync(() => Store.WriteAsync(new OutboxWrite { Audit = audit }));

    /// <summary>Reads who tested channels and settled dead letters, oldest first.</summary>
    public IAsyncEnumerable<AuditRecord> ReadAuditAsync(CancellationToken cancellationToken) => Store.ReadAuditAsync(cancellationToken);

    public void Dispose() => _one.Dispose();

    private IOutboxStore Store => _store.Value;

    private async Task<int> SettleAsync(string channel, IReadOnlySet<string> ids, AuditEntry audit, Action<Change, OutboxMessage, DateTimeOffset> settle)
    {
        var count = 0;
        await ChangeAsync(async () =>
        {
            var change = new Change(this) { Audit = [audit] };
            foreach (var message in DeadOf(channel).Where(message => ids.Count == 0 || ids.Contains(message.Id)))
            {
                settle(change, message, time.GetUtcNow());
                count++;
            }

            if (_options.Channels.ContainsKey(channel))
            {
                Bound(change, channel);
            }

            await CommitAsync(change);
        });
        return count;
    }

    private ChannelRecord Recognised(string name, ChannelRecord? known)
    {
        var fingerprint = _options.Channels.TryGetValue(name, out var channel) ? FingerprintOf(channel) : known?.Fingerprint ?? "";
        return known?.Fingerprint == fingerprint ? known : new ChannelRecord(name, fingerprint) { Dropped = known?.Dropped ?? 0 };
    }

    private static string FingerprintOf(ChannelOptions channel) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', [channel.Kind, channel.Url, channel.SmtpHost, channel.SmtpPort.ToString(CultureInfo.InvariantCulture), channel.From, .. channel.To]))));

    private void Announce(IEnumerable<string> channels)
    {
        foreach (var channel in channels)
        {
            Ready?.Invoke(channel);
        }
    }
}
