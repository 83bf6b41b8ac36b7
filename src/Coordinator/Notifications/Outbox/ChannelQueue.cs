using HostAgent.Campaigns.Notices;

namespace HostAgent.Coordinator.Notifications.Outbox;

/// <summary>The messages of one channel. Not thread-safe.</summary>
internal sealed class ChannelQueue(ChannelRecord record)
{
    /// <summary>What is known of the channel.</summary>
    public ChannelRecord Record { get; set; } = record;

    /// <summary>The message that is being gathered of each campaign.</summary>
    public Dictionary<Guid, OutboxMessage> Gathering { get; private init; } = [];

    /// <summary>Complete messages, oldest first.</summary>
    public List<OutboxMessage> Waiting { get; private init; } = [];

    /// <summary>Dead letters, oldest first.</summary>
    public List<OutboxMessage> Dead { get; private init; } = [];

    /// <summary>When something urgent of each kind was last told at once.</summary>
    public Dictionary<(Guid Campaign, NoticeTopic Topic), DateTimeOffset> Urgent { get; private init; } = [];

    /// <summary>How it is doing.</summary>
    public ChannelHealth Health => new(Record, Gathering.Count, Waiting.Count, Dead.Count);

    /// <summary>Notes that something urgent is told; forgets what is too long ago to matter.</summary>
    public void NoteUrgent(Guid campaign, NoticeTopic topic, DateTimeOffset now, TimeSpan interval)
    {
        foreach (var past in Urgent.Where(one => now - one.Value >= interval).Select(one => one.Key).ToList())
        {
            Urgent.Remove(past);
        }

        Urgent[(campaign, topic)] = now;
    }

    /// <summary>Puts a message where its state belongs, and nowhere else.</summary>
    public void Put(OutboxMessage message)
    {
        Remove(message);
        switch (message.State)
        {
            case MessageState.Gathering:
                Gathering[message.Digest.Uid] = message;
                break;
            case MessageState.Waiting:
                Waiting.Add(message);
                break;
            default:
                Dead.Add(message);
                break;
        }
    }

    /// <summary>Takes a message out.</summary>
    public void Remove(OutboxMessage message)
    {
        if (Gathering.TryGetValue(message.Digest.Uid, out var gathered) && gathered.Id == message.Id)
        {
            Gathering.Remove(message.Digest.Uid);
        }

        Waiting.RemoveAll(one => one.Id == message.Id);
        Dead.RemoveAll(one => one.Id == message.Id);
    }

    /// <summary>The same, to be changed on its own.</summary>
    public ChannelQueue Copy() => new(Record)
    {
        Gathering = new Dictionary<Guid, OutboxMessage>(Gathering),
        Waiting = [.. Waiting],
        Dead = [.. Dead],
        Urgent = Urgent,
    };
}
