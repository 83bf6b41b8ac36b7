namespace HostAgent.Coordinator.Store;

/// <summary>Which campaigns to list.</summary>
/// <param name="Limit">At most this many.</param>
/// <param name="After">The last campaign of the former page; null for the first page.</param>
/// <param name="States">Only these states; empty for all.</param>
/// <param name="LiveOnly">Only campaigns that are not terminal.</param>
internal sealed record CampaignQuery(int Limit, CampaignPosition? After, IReadOnlyList<int> States, bool LiveOnly)
{
    /// <summary>Only campaigns created then or later; null for all.</summary>
    public DateTimeOffset? Earliest { get; init; }

    /// <summary>Only campaigns created then or earlier; null for all.</summary>
    public DateTimeOffset? Latest { get; init; }
}

/// <summary>A place in the order newest first.</summary>
/// <param name="CreateTime">When the campaign there was created.</param>
/// <param name="Uid">Its uid, which decides between campaigns of the same instant.</param>
internal sealed record CampaignPosition(DateTimeOffset CreateTime, Guid Uid);
