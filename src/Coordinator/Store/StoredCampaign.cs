namespace HostAgent.Coordinator.Store;

/// <summary>What a campaign has from its creation on. It never changes, except the document until the campaign is started.</summary>
/// <param name="Uid">Its identity, also for the agents.</param>
/// <param name="Id">The id in its resource name; unique.</param>
/// <param name="Document">The document as its author wrote it; the latest one after a replacement.</param>
/// <param name="Source">The document's name in messages.</param>
/// <param name="CreatedBy">Who created it, with which certificate.</param>
/// <param name="CreateTime">When it was created.</param>
internal sealed record NewCampaign(Guid Uid, string Id, string Document, string Source, string CreatedBy, DateTimeOffset CreateTime);

/// <summary>A campaign's document.</summary>
/// <param name="Text">As its author wrote it.</param>
/// <param name="Source">Its name in messages.</param>
internal sealed record StoredDocument(string Text, string Source);

/// <summary>A stored campaign without its events.</summary>
/// <param name="Campaign">What never changes.</param>
/// <param name="Version">The version of its stream.</param>
/// <param name="Projection">Its state as of that version.</param>
internal sealed record CampaignHead(NewCampaign Campaign, long Version, CampaignProjection Projection);

/// <summary>A campaign's state as stored beside its events, so that lists need not replay them.</summary>
/// <param name="State">The state as a number, for filters.</param>
/// <param name="IsTerminal">Whether nothing more will happen; only other campaigns are resumed at start.</param>
/// <param name="Summary">The state as the services show it, without its items; opaque to the store.</param>
internal sealed record CampaignProjection(int State, bool IsTerminal, ReadOnlyMemory<byte> Summary);

/// <summary>Which campaigns to list.</summary>
/// <param name="Limit">At most this many.</param>
/// <param name="After">The last campaign of the previous page; null for the first page.</param>
/// <param name="States">Only these states; empty for all.</param>
/// <param name="LiveOnly">Only campaigns that are not terminal.</param>
internal sealed record CampaignQuery(int Limit, CampaignPosition? After, IReadOnlyList<int> States, bool LiveOnly)
{
    /// <summary>Only campaigns created then or later; null for all.</summary>
    public DateTimeOffset? Earliest { get; init; }

    /// <summary>Only campaigns created then or earlier; null for all.</summary>
    public DateTimeOffset? Latest { get; init; }
}

/// <summary>A position in the order newest first.</summary>
/// <param name="CreateTime">When the campaign there was created.</param>
/// <param name="Uid">Its uid, which orders campaigns of the same instant.</param>
internal sealed record CampaignPosition(DateTimeOffset CreateTime, Guid Uid);

/// <summary>The last reported percentage of an attempt at an item.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Percent">0 to 100.</param>
internal sealed record ItemProgress(string Item, int Attempt, int Percent);

/// <summary>A command with a request id that has taken effect.</summary>
/// <param name="Id">The request id.</param>
/// <param name="Time">When it took effect.</param>
/// <param name="Digest">The SHA-256 of the caller and the request.</param>
/// <param name="Items">The ids of the items that the command started; empty for a command about one item.</param>
internal sealed record AnsweredRequest(Guid Id, DateTimeOffset Time, ReadOnlyMemory<byte> Digest, IReadOnlyList<string> Items)
{
    /// <summary>How long a repetition is recognised.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);
}
