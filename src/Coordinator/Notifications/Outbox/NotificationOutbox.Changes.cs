using System.Globalization;

namespace HostAgent.Coordinator.Notifications.Outbox;

/// <content>How the outbox changes: one change after another, each durable before it is shown, and always within the bounds.</content>
internal sealed partial class NotificationOutbox
{
    private async Task CommitAsync(Change change)
    {
        if (change.IsEmpty)
        {
            return;
        }

        await Store.WriteAsync(change.ToWrite());
        lock (_lock)
        {
            change.Apply();
        }
    }

    private async Task ChangeAsync(Func<Task> change)
    {
        await _one.WaitAsync();
        try
        {
            await change();
        }
        finally
        {
            _one.Release();
        }
    }

    private void SealDue(Change change, DateTimeOffset now, HashSet<string> ready)
    {
        foreach (var name in _options.Channels.Keys)
        {
            foreach (var message in change.Of(name).Gathering.Values.Where(message => message.DueTime <= now).OrderBy(message => message.CreateTime).ToList())
            {
                change.Save(message with { State = MessageState.Waiting });
                ready.Add(name);
            }

            Bound(change, name);
        }
    }

    // A channel that is down for long must not fill the disk.
    private void Bound(Change change, string channel)
    {
        var queue = change.Of(channel);
        foreach (var message in queue.Waiting.Take(queue.Waiting.Count - _options.MaxMessages).ToList())
        {
            var reason = string.Create(CultureInfo.InvariantCulture, $"More than {_options.MaxMessages} messages waited for the channel.");
            LogDead(channel, message.Id, reason);
            change.Save(message with { State = MessageState.Dead, Reason = reason });
        }

        foreach (var message in queue.Dead.Take(queue.Dead.Count - _options.MaxMessages).ToList())
        {
            LogDropped(channel, message.Id);
            change.Remove(message);
            change.Note(channel, record => record with { Dropped = record.Dropped + 1 });
        }
    }

    [LoggerMessage(EventId = 3501, Level = LogLevel.Warning, Message = "Message {Id} to channel {Channel} is a dead letter: {Reason}")]
    private partial void LogDead(string channel, string id, string reason);

    [LoggerMessage(EventId = 3502, Level = LogLevel.Warning, Message = "Dead letter {Id} of channel {Channel} was dropped: there are too many")]
    private partial void LogDropped(string channel, string id);

    /// <summary>One change: made on copies, written, and only then shown.</summary>
    private sealed class Change(NotificationOutbox outbox)
    {
        private readonly Dictionary<string, ChannelQueue> _copies = new(StringComparer.Ordinal);
        private readonly Dictionary<(string Channel, string Id), OutboxMessage?> _messages = [];
        private readonly Dictionary<(string Channel, string Id), OutboxMessage> _removed = [];
        private readonly HashSet<string> _noted = new(StringComparer.Ordinal);

        public IReadOnlyList<AuditEntry> Audit { get; init; } = [];

        public bool IsEmpty => _messages.Count == 0 && _noted.Count == 0 && Audit.Count == 0;

        public ChannelQueue Of(string channel)
        {
            if (!_copies.TryGetValue(channel, out var copy))
            {
                copy = outbox._queues.TryGetValue(channel, out var queue) ? queue.Copy() : new ChannelQueue(outbox.Recognised(channel, null));
                _copies.Add(channel, copy);
            }

            return copy;
        }

        public void Save(OutboxMessage message)
        {
            Of(message.Channel).Put(message);
            _messages[(message.Channel, message.Id)] = message;
        }

        public void Remove(OutboxMessage message)
        {
            Of(message.Channel).Remove(message);
            _messages[(message.Channel, message.Id)] = null;
            _removed[(message.Channel, message.Id)] = message;
        }

        public void Note(string channel, Func<ChannelRecord, ChannelRecord> note)
        {
            var queue = Of(channel);
            queue.Record = note(queue.Record);
            _noted.Add(channel);
        }

        public OutboxWrite ToWrite() => new()
        {
            Saved = [.. _messages.Values.OfType<OutboxMessage>()],
            Removed = [.. _messages.Where(message => message.Value is null).Select(message => _removed[message.Key])],
            Channels = [.. _noted.Select(name => _copies[name].Record)],
            Audit = Audit,
        };

        public void Apply()
        {
            foreach (var (name, queue) in _copies)
            {
                outbox._queues[name] = queue;
            }
        }
    }
}
