using HostAgent.Campaigns;

namespace HostAgent.Coordinator.Store;

/// <summary>An event that is about to be stored. The store looks into none of it.</summary>
/// <param name="Time">When it was decided.</param>
/// <param name="Type">Its stable name.</param>
/// <param name="Data">Its stable JSON.</param>
internal sealed record NewEvent(DateTimeOffset Time, string Type, string Data);

/// <summary>An event of a campaign's stream.</summary>
/// <param name="Version">Its position in the stream, from 1 without gaps.</param>
/// <param name="Time">When it was decided.</param>
/// <param name="Type">Its stable name.</param>
/// <param name="Data">Its stable JSON.</param>
internal sealed record StoredEvent(long Version, DateTimeOffset Time, string Type, string Data)
{
    /// <summary>Its hash, as <see cref="EventChain"/> makes it.</summary>
    public ReadOnlyMemory<byte> Hash { get; init; }
}

/// <summary>One all-or-nothing write to the stream of a campaign.</summary>
/// <param name="Campaign">The campaign's uid.</param>
/// <param name="ExpectedVersion">The version that the stream must still have. It is not looked at when there are no events.</param>
/// <param name="Events">The events; may be empty when an act is to be audited that changed nothing.</param>
/// <param name="Audit">The acts that the audit chain records.</param>
/// <param name="Projection">The campaign's head after the events; null leaves it as it is.</param>
/// <param name="Document">The document that replaces the former one; null leaves it as it is.</param>
internal sealed record StreamAppend(
    Guid Campaign,
    long ExpectedVersion,
    IReadOnlyList<NewEvent> Events,
    IReadOnlyList<AuditEntry> Audit,
    CampaignProjection? Projection,
    StoredDocument? Document = null)
{
    /// <summary>Percentages that replace those of their items. They are no events. How far an attempt was when it ended is evidence: they stay as long as the campaign.</summary>
    public IReadOnlyList<ItemProgress> Progress { get; init; } = [];

    /// <summary>The machines whose hold changes with the events; <see cref="HoldState.Released"/> forgets one.</summary>
    public IReadOnlyList<(Guid Machine, string Host, HoldState State)> Holds { get; init; } = [];

    /// <summary>The commands with a request id that the write makes durable.</summary>
    public IReadOnlyList<AnsweredRequest> Requests { get; init; } = [];

    /// <summary>Deletes the campaign after everything else in the write; null leaves it. The stream must be at the expected version.</summary>
    public CampaignDeletion? Deletion { get; init; }

    /// <summary>The snapshot that replaces the former one; null leaves it as it is. It must not be of a version after the stream's own.</summary>
    public StreamSnapshot? Snapshot { get; init; }
}

/// <summary>The deletion of a campaign. Its row stays as a tombstone, with its audit and the machines that it holds.</summary>
/// <param name="By">Who deletes it.</param>
/// <param name="Time">When.</param>
internal sealed record CampaignDeletion(string By, DateTimeOffset Time);

/// <summary>The state that the events of a stream up to a version make. The store does not look into it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Data">The state.</param>
internal sealed record StreamSnapshot(long Version, ReadOnlyMemory<byte> Data)
{
    /// <summary>The hash of the event of that version. The store sets it when it writes, and compares it when it reads.</summary>
    public ReadOnlyMemory<byte> EventHash { get; init; }
}
