namespace HostAgent.Coordinator.Reports;

internal sealed record ReportedItem
{
    public required string ItemId { get; init; }

    public required string Wave { get; init; }

    public required string Host { get; init; }

    public required string Site { get; init; }

    /// <summary>The site the machine goes back to.</summary>
    public required string PrimarySite { get; init; }

    /// <summary>The tenant; empty when not known.</summary>
    public required string Tenant { get; init; }

    public required string VirtualMachineId { get; init; }

    public required string VirtualMachineName { get; init; }

    /// <summary>The size of its disks; 0 when not known.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Where it stands, UPPER_SNAKE_CASE.</summary>
    public required string State { get; init; }

    public required int Attempts { get; init; }

    /// <summary>The UUID under which the agent knows the last attempt; empty before the first.</summary>
    public required string OperationId { get; init; }

    /// <summary>When the last attempt was started; null before.</summary>
    public required DateTimeOffset? StartTime { get; init; }

    public required DateTimeOffset? EndTime { get; init; }

    /// <summary>The UPPER_SNAKE_CASE reason of the last failure; empty when there was none.</summary>
    public required string FailureReason { get; init; }

    /// <summary>One sentence about the state; empty when the state says it all.</summary>
    public required string Explanation { get; init; }
}

/// <summary>One wave of a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands, UPPER_SNAKE_CASE.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Succeeded">How many succeeded, with or without warnings.</param>
/// <param name="Failed">How many failed or are of unknown outcome.</param>
/// <param name="StartTime">When it was started; null before.</param>
/// <param name="EndTime">When its last item ended; null before.</param>
/// <param name="Gate">What had to hold after it, in words; empty for nothing.</param>
/// <param name="ApprovedBy">Who approved its gate; null when nobody did.</param>
/// <param name="RejectedBy">Who rejected its gate and did not approve it after all; null when nobody.</param>
internal sealed record ReportedWave(
    string Name,
    string State,
    int Items,
    int Succeeded,
    int Failed,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    string Gate,
    string? ApprovedBy,
    string? RejectedBy);

/// <summary>Something that somebody decided, or that the coordinator did by itself.</summary>
/// <param name="Time">When.</param>
/// <param name="Actor">Who: a person by their certificate's subject, or coordinator.</param>
/// <param name="Act">What, as the event's stored name, for example wave-approved.</param>
/// <param name="Target">On what: a wave, an item or a host by name; empty for the campaign.</param>
/// <param name="Explanation">One sentence.</param>
internal sealed record TimelineEntry(DateTimeOffset Time, string Actor, string Act, string Target, string Explanation);
