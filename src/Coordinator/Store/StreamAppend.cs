using HostAgent.Campaigns;

namespace HostAgent.Coordinator.Store;

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
