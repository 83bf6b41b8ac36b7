using HostAgent.Campaigns;

namespace HostAgent.Coordinator.Store;

/// <summary>An event to be stored; opaque to the store.</summary>
/// <param name="Time">When it was decided.</param>
/// <param name="Type">Its stable name.</param>
/// <param name="Data">Its stable JSON.</param>
internal sealed record NewEvent(DateTimeOffset Time, string Type, EventText Data);

/// <summary>An event of a campaign's stream.</summary>
/// <param name="Version">Its position in the stream, from 1 without gaps.</param>
/// <param name="Time">When it was decided.</param>
/// <param name="Type">Its stable name.</param>
/// <param name="Data">Its stable JSON.</param>
internal sealed record StoredEvent(long Version, DateTimeOffset Time, string Type, string Data)
{
    /// <summary>Its hash, as computed by <see cref="EventChain"/>.</summary>
    public ReadOnlyMemory<byte> Hash { get; init; }
}

/// <summary>One all-or-nothing write to the stream of a campaign.</summary>
/// <param name="Campaign">The campaign's uid.</param>
/// <param name="ExpectedVersion">The version that the stream must have. Not checked when there are no events.</param>
/// <param name="Events">The events; may be empty for an action that changed nothing and is only audited.</param>
/// <param name="Audit">The actions to record in the audit chain.</param>
/// <param name="Projection">The campaign's state after the events; null leaves it unchanged.</param>
/// <param name="Document">The document that replaces the current one; null leaves it unchanged.</param>
internal sealed record StreamAppend(
    Guid Campaign,
    long ExpectedVersion,
    IReadOnlyList<NewEvent> Events,
    IReadOnlyList<AuditEntry> Audit,
    CampaignProjection? Projection,
    StoredDocument? Document = null)
{
    /// <summary>Percentages that replace those of their items. They are not events. The percentage at which an attempt ended is evidence, so they are kept as long as the campaign.</summary>
    public IReadOnlyList<ItemProgress> Progress { get; init; } = [];

    /// <summary>The machines whose hold changes with the events; <see cref="HoldState.Released"/> removes one.</summary>
    public IReadOnlyList<(Guid Machine, string Host, HoldState State)> Holds { get; init; } = [];

    /// <summary>The commands with a request id that the write makes durable.</summary>
    public IReadOnlyList<AnsweredRequest> Requests { get; init; } = [];

    /// <summary>Deletes the campaign after everything else in the write; null for no deletion. The stream must be at the expected version.</summary>
    public CampaignDeletion? Deletion { get; init; }

    /// <summary>The snapshot that replaces the current one; null leaves it unchanged. Its version must not be above the stream's.</summary>
    public StreamSnapshot? Snapshot { get; init; }
}

/// <summary>The deletion of a campaign. Its row stays as a tombstone, with its audit and the machines that it holds.</summary>
/// <param name="By">Who deletes it.</param>
/// <param name="Time">When.</param>
internal sealed record CampaignDeletion(string By, DateTimeOffset Time);

/// <summary>A stream's state up to a version; opaque to the store.</summary>
/// <param name="Version">The version.</param>
/// <param name="Data">The state. It may be a part of memory that its owner uses again after the write.</param>
internal sealed record StreamSnapshot(long Version, ReadOnlyMemory<byte> Data)
{
    /// <summary>The hash of the event at that version. Set by the store when it writes, and verified when it reads.</summary>
    public ReadOnlyMemory<byte> EventHash { get; init; }
}
