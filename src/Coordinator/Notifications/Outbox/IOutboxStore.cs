using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Notifications.Outbox;

/// <summary>Where a message of the outbox stands.</summary>
internal enum MessageState
{
    /// <summary>It is not complete: more may be told with it.</summary>
    Gathering = 0,

    /// <summary>It is complete and waits to be delivered.</summary>
    Waiting = 1,

    /// <summary>It is no longer tried. A person may have it tried again.</summary>
    Dead = 2,
}

/// <summary>A message to one channel.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Digest">What it says. It and the channel identify the message.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreateTime">When its first notice was read, or when a person had it tried again.</param>
/// <param name="DueTime">While it is gathering: when it is complete.</param>
/// <param name="Attempts">How often its delivery was tried before it was given up.</param>
/// <param name="Reason">Why it was given up; empty before.</param>
internal sealed record OutboxMessage(string Channel, Digest Digest, MessageState State, DateTimeOffset CreateTime, DateTimeOffset DueTime, int Attempts = 0, string Reason = "")
{
    /// <summary>Its id, of one channel.</summary>
    public string Id { get; } = Digest.Id;
}

/// <summary>What is known of a channel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fingerprint">What it leads to, hashed: a proof holds for no other receiver.</param>
/// <param name="SuccessTime">When something, a test too, was last delivered to that receiver; null for never.</param>
/// <param name="ErrorTime">When an attempt last failed; null when the newest has not.</param>
/// <param name="Error">Why; empty when the newest has not.</param>
/// <param name="Dropped">How many dead letters were dropped because there were too many.</param>
internal sealed record ChannelRecord(string Name, string Fingerprint, DateTimeOffset? SuccessTime = null, DateTimeOffset? ErrorTime = null, string Error = "", long Dropped = 0);

/// <summary>Everything that an outbox keeps but its audit.</summary>
/// <param name="IsNew">Whether nothing was ever kept.</param>
/// <param name="Cursors">Up to which version the events of each campaign were told.</param>
/// <param name="Messages">The messages, oldest first.</param>
/// <param name="Channels">The channels.</param>
internal sealed record OutboxContents(bool IsNew, IReadOnlyDictionary<Guid, long> Cursors, IReadOnlyList<OutboxMessage> Messages, IReadOnlyList<ChannelRecord> Channels);

/// <summary>One all-or-nothing write. Writing it twice is the same as once, but for its audit.</summary>
internal sealed record OutboxWrite
{
    /// <summary>Cursors that replace those of their campaigns; null forgets one.</summary>
    public IReadOnlyList<(Guid Campaign, long? Version)> Cursors { get; init; } = [];

    /// <summary>Messages that are new or have changed.</summary>
    public IReadOnlyList<OutboxMessage> Saved { get; init; } = [];

    /// <summary>Messages that are done with.</summary>
    public IReadOnlyList<OutboxMessage> Removed { get; init; } = [];

    /// <summary>Channels that are new or have changed.</summary>
    public IReadOnlyList<ChannelRecord> Channels { get; init; } = [];

    /// <summary>What a person did.</summary>
    public IReadOnlyList<AuditEntry> Audit { get; init; } = [];
}

/// <summary>The durable part of the outbox. Every implementation passes the same contract test suite.</summary>
internal interface IOutboxStore : IAsyncDisposable
{
    /// <summary>Reads everything but the audit.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    Task<OutboxContents> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Makes a write durable.</summary>
    /// <exception cref="StoreUnavailableException">It may not be durable: write it again.</exception>
    Task WriteAsync(OutboxWrite write);

    /// <summary>Reads the audit, oldest first.</summary>
    IAsyncEnumerable<AuditRecord> ReadAuditAsync(CancellationToken cancellationToken);
}
